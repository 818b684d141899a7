package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.command.CommandParser;
import dev.selvage.cli.model.TrainedModel;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedModelTest {
  @TempDir Path dir;

  /** As with KEEP_CHECKPOINTS=1. */
  @Test
  void aFileThatATrainingHasDeletedIsReplacedByTheNewerOne() throws IOException {
    Path run = new TinyRun(dir).run;
    TrainedModel model = find(run);
    assertEquals(run.resolve("mask_rcnn_tiny_0001.h5"), model.file());
    Files.move(run.resolve("mask_rcnn_tiny_0001.h5"), run.resolve("mask_rcnn_tiny_0002.h5"));
    Files.move(run.resolve("state_0001.safetensors"), run.resolve("state_0002.safetensors"));
    try (Parameters parameters = model.load(model.config())) {
      assertEquals(4, parameters.get("mrcnn_class_logits/bias").download().length);
    }
    assertEquals(run.resolve("mask_rcnn_tiny_0002.h5"), model.file());
  }

  @Test
  void aDamagedFileIsNotReplaced() throws IOException {
    Path run = new TinyRun(dir).run;
    TrainedModel model = find(run);
    Files.write(run.resolve("mask_rcnn_tiny_0001.h5"), new byte[100]);
    UserError error = assertThrows(UserError.class, () -> model.load(model.config()));
    assertTrue(error.getMessage().contains("mask_rcnn_tiny_0001.h5"), error.getMessage());
  }

  private static TrainedModel find(Path run) {
    List<String> words = List.of("--weights", run.toString(), "--images", "x");
    return TrainedModel.find(CommandParser.parse(new PredictCommand(), words), run.toString());
  }
}
