package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.run.RunInfo;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.tensorboard.EventFile;
import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import dev.selvage.weights.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a run continues from, damaged. */
class RunFilesFuzzTest {
  @TempDir Path dir;

  @Test
  void theEvents() throws IOException {
    Path file = dir.resolve("events");
    EventFile events = new EventFile(file, -1);
    for (int step = 0; step < 4; step++) {
      events.append(step, Map.of("loss", 4.0 - step));
    }
    byte[] whole = Files.readAllBytes(file);
    Fuzz.file(
        file,
        whole,
        false,
        bytes -> {
          new EventFile(file, 9);
          byte[] kept = Files.readAllBytes(file);
          assertTrue(kept.length <= whole.length, "longer than it was");
          assertTrue(
              kept.length == 40 || Arrays.equals(kept, Arrays.copyOf(whole, kept.length)),
              "kept what is damaged");
          if (kept.length < whole.length) {
            throw new UserError(file + ": records were dropped");
          }
        });
  }

  @Test
  void theState() throws IOException {
    Path file = dir.resolve("state.safetensors");
    TrainingState position = new TrainingState();
    position.epochs = 3;
    position.totalSteps = 900;
    Map<String, float[]> values =
        new TreeMap<>(
            Map.of("momentum/a", new float[] {1, 2, 3, 4, 5, 6}, "momentum/b", new float[] {7}));
    Scope.run(
        () -> {
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          values.forEach((name, v) -> tensors.put(name, Tensor.of(v, v.length)));
          Safetensors.write(file, position.save(), tensors);
        });
    Fuzz.file(
        file,
        Files.readAllBytes(file),
        true,
        bytes -> {
          try (Safetensors state = Safetensors.open(file)) {
            assertEquals(position.save(), Checkpoints.position(file, state).save());
            Scope.run(
                () ->
                    values.forEach(
                        (name, v) -> {
                          Tensor read = Tensor.zeros(v.length);
                          state.read(name, read);
                          assertArrayEquals(v, read.download());
                        }));
          }
        });
  }

  @Test
  void theSettings() {
    Path file = dir.resolve("config.json");
    RunInfo info =
        new RunInfo(
            List.of("train --data d"),
            "2026-03-29T01:20:00.5Z",
            Map.of("java", "17"),
            3,
            "none",
            "d",
            12,
            "ab12",
            List.of(new Category(3, "coat", "upper"), new Category(7, "shoe", "feet")));
    Fuzz.file(
        file,
        ConfigWriter.toJson(TinyDataset.config(), info.about()).getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          RunInfo read = RunInfo.read(file);
          assertTrue(read.commands() != null && read.versions() != null, "no command");
          assertTrue(read.categories().stream().allMatch(c -> c.name() != null), "no name");
          assertTrue(read.dataset() != null && read.fingerprint() != null, "no dataset");
        });
  }
}
