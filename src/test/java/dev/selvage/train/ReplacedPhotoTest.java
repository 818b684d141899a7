package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.model.Initializer;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held-out photos that are not what their annotations say are left out of the mask AP. */
class ReplacedPhotoTest {
  @TempDir Path dir;

  @Test
  void isSkippedAndReportedOnce() throws IOException {
    Dataset dataset = KaggleDataset.open(TinyDataset.write(dir.resolve("tiny"), 4));
    Files.copy(dataset.path(2), dataset.path(0), StandardCopyOption.REPLACE_EXISTING);
    String said =
        measured(
            dataset,
            scoring -> {
              for (int epoch = 1; epoch <= 2; epoch++) {
                Map<String, Double> scores = scoring.after(epoch, () -> false).orElseThrow();
                assertEquals(2, scores.size());
              }
            });
    assertEquals(2, said.lines().count(), said);
    assertTrue(said.contains("photo0.jpg: expected a photo of height 96 and width 60"), said);
    assertTrue(said.contains("photo3.jpg: cannot be decoded; the photo is skipped"), said);
  }

  @Test
  void tooManyEndTheRun() throws IOException {
    Dataset dataset = KaggleDataset.open(TinyDataset.write(dir.resolve("tiny"), 12));
    for (int i = 0; i < 11; i++) {
      Files.writeString(dataset.path(i), "torn");
    }
    measured(
        dataset,
        scoring -> {
          String message =
              assertThrows(UserError.class, () -> scoring.after(1, () -> false)).getMessage();
          assertTrue(message.startsWith("expected at most 1% of the 12 photos to fail"), message);
        });
  }

  private interface Measuring {
    void run(ValidationAp scoring);
  }

  /** What was said on stderr. */
  private static String measured(Dataset dataset, Measuring measuring) {
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true));
    Config config = TinyDataset.config("EVAL_EVERY=1");
    try (Parameters parameters = new Parameters(ParameterTable.of(config))) {
      Initializer.initialize(parameters, 1);
      int[] all = IntStream.range(0, dataset.size()).toArray();
      measuring.run(new ValidationAp(config, parameters, dataset, all));
    } finally {
      System.setErr(err);
    }
    return said.toString();
  }
}
