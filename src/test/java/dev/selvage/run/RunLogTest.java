package dev.selvage.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.model.Losses;
import dev.selvage.train.EpochReport;
import dev.selvage.train.listener.EpochLog;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLogTest {
  @TempDir Path dir;

  @Test
  void readsWhatARunWrites() {
    Path file = dir.resolve("log.csv");
    EpochLog log = new EpochLog(file);
    log.trainingBegan(0);
    log.epochDone(new EpochReport(1, 0.25, losses(3), losses(4), Map.of(), false, 1, 0, 1, 300));
    log.epochDone(
        new EpochReport(
            2, 0.125, losses(2), Map.of(), Map.of("val_mask_AP", 0.25), true, 1, 0, 1, 300));
    RunLog read = RunLog.read(file);
    assertArrayEquals(new int[] {1, 2}, read.epochs());
    assertArrayEquals(new double[] {0.25, 0.125}, read.columns().get("lr"));
    assertArrayEquals(new double[] {3, 2}, read.columns().get("mrcnn_mask_loss"));
    assertArrayEquals(new double[] {4, Double.NaN}, read.columns().get("val_loss"));
    assertArrayEquals(new double[] {Double.NaN, 0.25}, read.columns().get("val_mask_AP"));
  }

  @Test
  void aLineThatIsBeingWrittenDoesNotCount() throws IOException {
    Path file = write("epoch,lr,loss\n1,0.1,3\n2,0.1,2.");
    assertArrayEquals(new int[] {1}, RunLog.read(file).epochs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "lr,loss;1,2;|line 1: expected the columns of a run's log, starting with epoch, found \"lr,loss\"",
        "epoch,lr;1,0.1,2;|line 2: expected 2 values, found 3",
        "epoch,lr;1,much;|line 2: expected a number for lr, found \"much\"",
        "epoch,lr;2,1;2,1;|line 3: expected an epoch greater than the one before, found 2.0",
        "epoch,lr,lr;1,2,3;|line 1: expected unique column names, found lr twice",
        "epoch,lr;|: expected at least one epoch, found none"
      })
  void saysWhatIsWrong(String text, String sentence) throws IOException {
    Path file = write(text.replace(";", "\n"));
    String message = assertThrows(UserError.class, () -> RunLog.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertEquals(sentence, message.substring(file.toString().length()).strip());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("log.csv"), text);
  }

  private static Map<String, Double> losses(double value) {
    Map<String, Double> losses = new LinkedHashMap<>();
    Losses.NAMES.forEach(name -> losses.put(name, value));
    return losses;
  }
}
