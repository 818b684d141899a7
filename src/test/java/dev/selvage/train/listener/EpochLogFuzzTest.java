package dev.selvage.train.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.model.Losses;
import dev.selvage.run.RunLog;
import dev.selvage.train.EpochReport;
import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** log.csv, damaged. */
class EpochLogFuzzTest {
  @TempDir Path dir;

  @Test
  void damagedRowsAreNeverReadAsOthers() throws IOException {
    Path file = dir.resolve("log.csv");
    EpochLog log = new EpochLog(file);
    log.trainingBegan(0);
    for (int epoch = 1; epoch <= 3; epoch++) {
      log.epochDone(
          new EpochReport(
              epoch,
              0.01 / epoch,
              losses(4.0 / epoch),
              losses(5),
              Map.of(),
              false,
              3,
              0.1,
              12,
              300));
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

  private static Map<String, Double> losses(double value) {
    Map<String, Double> losses = new LinkedHashMap<>();
    Losses.NAMES.forEach(name -> losses.put(name, value));
    return losses;
  }
}
