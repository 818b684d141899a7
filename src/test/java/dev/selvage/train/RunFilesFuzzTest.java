package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.Fuzz;
import dev.selvage.UserError;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.weights.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that a run continues from, damaged. */
class RunFilesFuzzTest {
  @TempDir Path dir;

  @Test
  void theLog() throws IOException {
    Path file = dir.resolve("log.csv");
    EpochLog log = new EpochLog(file, 0);
    for (int epoch = 1; epoch <= 3; epoch++) {
      log.append(
          new EpochRow(epoch, 0.01 / epoch, losses(4.0 / epoch), losses(5), Map.of(), 3, 0.1, 12));
    }
    byte[] whole = Files.readAllBytes(file);
    Fuzz.file(
        file,
        whole,
        true,
        bytes -> {
          RunLog read = RunLog.read(file);
          String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1);
          List<String> names = List.of(lines[0].split(",", -1));
          for (int row = 0; row < read.epochs().length; row++) {
            String[] values = lines[row + 1].split(",", -1);
            for (int column = 1; column < values.length; column++) {
              double value = read.columns().get(names.get(column))[row];
              assertEquals(
                  values[column].isEmpty() ? Double.NaN : Double.parseDouble(values[column]),
                  value);
            }
          }
        });
    Fuzz.run(
        "log.csv, continued",
        whole,
        true,
        bytes -> {
          List<String> before = new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
          List<String> after = EpochLog.kept(before, 2).lines().toList();
          for (String row : after.subList(1, after.size())) {
            assertTrue(
                before.stream().anyMatch(line -> isFrom(row, line)), "a row of its own making");
          }
          if (after.size() < 3) {
            throw new UserError("rows were dropped");
          }
        });
  }

  /** Whether a row has nothing but what stood in a line about the same epoch. */
  private static boolean isFrom(String row, String line) {
    List<String> said = List.of(line.split(",", -1));
    List<String> kept = List.of(row.split(",", -1));
    return kept.get(0).equals(said.get(0))
        && kept.stream().allMatch(value -> value.isEmpty() || said.contains(value));
  }

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
    Position position = new Position();
    position.epochs = 3;
    position.totalSteps = 900;
    Scope.run(
        () -> {
          Map<String, Tensor> tensors = new LinkedHashMap<>();
          tensors.put("momentum/a", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
          tensors.put("momentum/b", Tensor.of(new float[] {7}, 1));
          Safetensors.write(file, position.save(), tensors);
        });
    Fuzz.file(
        file,
        Files.readAllBytes(file),
        true,
        bytes -> {
          try (Safetensors state = Safetensors.open(file)) {
            Scope.run(() -> readsWhatIsThere(state, bytes));
            Position read = Checkpoints.position(file, state);
            assertTrue(
                read.epochs >= 0 && read.totalSteps >= 0 && read.photos >= 0 && read.step() >= 0,
                "a place where no run stands");
          }
        });
  }

  /** A tensor at the end of the file, wherever its header puts the beginning. */
  private static void readsWhatIsThere(Safetensors state, byte[] bytes) {
    Tensor last = Tensor.zeros(1);
    if (state.contains("momentum/b")) {
      state.read("momentum/b", last);
      float value = last.download()[0];
      ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      boolean there = false;
      for (int at = 0; at + 4 <= bytes.length; at++) {
        there |= Float.floatToRawIntBits(value) == all.getInt(at);
      }
      assertTrue(there, "a value that the file does not hold");
    }
  }

  @Test
  void theSettings() {
    Path file = dir.resolve("config.json");
    RunInfo info =
        new RunInfo(
            List.of("train --data d"),
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

  private static Map<String, Double> losses(double value) {
    Map<String, Double> losses = new LinkedHashMap<>();
    LossMean.NAMES.forEach(name -> losses.put(name, value));
    return losses;
  }
}
