package dev.selvage.studio.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {
  @TempDir private Path runs;

  private RunRow only() {
    List<RunRow> rows = new RunTable(runs, dir -> false).rows();
    assertEquals(1, rows.size());
    return rows.get(0);
  }

  @Test
  void aStoppedRunHasItsBestEpochAndItsLastLoss() throws IOException {
    RunFixture.write(runs, "a", 1, "EPOCHS=9", "LRS=0.02")
        .epoch(1, Double.NaN)
        .epoch(2, .4)
        .epoch(3, .3);
    RunRow row = only();
    assertEquals(RunState.STOPPED, row.state());
    assertEquals(3, row.epoch());
    assertEquals(9, row.epochs());
    assertEquals(2, row.bestEpoch());
    assertEquals(.4, row.maskAp());
    assertEquals(.4, row.maskAp50());
    assertEquals(1.3333, row.loss());
    assertEquals(1.5, row.validationLoss());
    assertEquals(12.5, row.imagesPerSecond());
    assertEquals("2026-01-01T10:00:00Z", row.started());
    assertNull(row.secondsLeft());
  }

  @Test
  void aRunWithAllItsEpochsIsComplete() throws IOException {
    RunFixture.write(runs, "a", 1, "EPOCHS=2", "LRS=0.02").epoch(1).epoch(2);
    assertEquals(RunState.COMPLETE, only().state());
  }

  @Test
  void aRunThatEndedEarlyIsCompleteToo() throws IOException {
    RunFixture run =
        RunFixture.write(
                runs, "a", 1, "EPOCHS=9", "LRS=0.02", "EVAL_EVERY=1", "EARLY_STOP_EPOCHS=2")
            .epoch(1, .4)
            .epoch(2, .3);
    assertEquals(RunState.STOPPED, only().state());
    run.epoch(3, .4);
    assertEquals(RunState.COMPLETE, only().state());
  }

  @Test
  void aRunWhoseLockIsHeldIsRunning() throws IOException {
    RunFixture run = RunFixture.write(runs, "a", 1, "EPOCHS=9", "LRS=0.02");
    try (RunLock lock = RunLock.take(run.dir)) {
      assertNotNull(lock);
      assertEquals(RunState.RUNNING, only().state());
      assertNull(only().secondsLeft());
      run.epoch(1);
      assertNotNull(only().secondsLeft());
    }
    assertEquals(RunState.STOPPED, only().state());
  }

  /** Only what is whole counts. */
  @Test
  void aTornLastLineIsLeftUntilItIsWhole() throws IOException {
    RunFixture run = RunFixture.write(runs, "a", 1).epoch(1).append("2,0.02,1.5");
    assertEquals(1, only().epoch());
    run.append(",0.5,1.7,,,12.5,0.03,30.5,412\n");
    assertEquals(2, only().epoch());
    assertEquals(1.5, only().loss());
  }

  @Test
  void whatIsWrongStandsInTheRowAndTheOthersAreThere() throws IOException {
    RunFixture.write(runs, "a", 1).epoch(1);
    Files.writeString(RunFixture.write(runs, "b", 1).dir.resolve("config.json"), "{\"NAME\": ");
    RunFixture.write(runs, "c", 1).append("word,1\n");
    Files.createDirectories(runs.resolve("d/photos"));
    Files.createDirectories(runs.resolve("e"));
    Files.writeString(runs.resolve("e/output.txt"), "begin\nselvage: no such dataset\n\n");
    Files.writeString(runs.resolve("notes.txt"), "no folder");
    Files.createDirectories(runs.resolve(".hidden"));
    List<RunRow> rows = new RunTable(runs, dir -> false).rows();
    assertEquals(List.of("a", "b", "c", "d", "e"), rows.stream().map(RunRow::id).toList());
    assertEquals("", rows.get(0).problem());
    assertEquals(RunState.BROKEN, rows.get(1).state());
    assertTrue(rows.get(1).problem().contains("config.json line 1: expected JSON"));
    assertTrue(rows.get(2).problem().contains("log.csv line 2: expected 11 values, found 2"));
    assertTrue(rows.get(3).problem().contains("expected a run with config.json, found none"));
    assertEquals(RunState.FAILED, rows.get(4).state());
    assertEquals("selvage: no such dataset", rows.get(4).problem());
  }

  @Test
  void aDamagedFileThatIsMendedIsReadAgain() throws IOException {
    RunFixture run = RunFixture.write(runs, "a", 1);
    RunTable table = new RunTable(runs, dir -> false);
    String log = Files.readString(run.dir.resolve("log.csv"));
    run.append("word\n");
    assertEquals(RunState.BROKEN, table.rows().get(0).state());
    Files.writeString(run.dir.resolve("log.csv"), log);
    run.epoch(1);
    assertEquals(RunState.STOPPED, table.rows().get(0).state());
  }

  @Test
  void settingsThatDifferAreShownAndNoOthers() throws IOException {
    RunFixture.write(runs, "a", 1, "NAME=a", "WEIGHT_DECAY=0.001");
    RunFixture.write(runs, "b", 1, "NAME=b", "WEIGHT_DECAY=0.002");
    Files.createDirectories(runs.resolve("c"));
    List<RunRow> rows = new RunTable(runs, dir -> false).rows();
    assertEquals(Set.of("WEIGHT_DECAY"), rows.get(0).settings().keySet());
    assertEquals(0.002, rows.get(1).settings().get("WEIGHT_DECAY").asDouble(), 1e-9);
  }

  @Test
  void aRunThatHasJustBegunIsStarting() throws IOException {
    Files.createDirectories(runs.resolve("a"));
    assertEquals(RunState.STARTING, new RunTable(runs, dir -> true).rows().get(0).state());
  }

  @Test
  void noNameLeadsOutOfTheFolder() throws IOException {
    Files.createDirectories(runs.resolve("a"));
    RunTable table = new RunTable(runs.resolve("a"), dir -> false);
    assertEquals(Optional.empty(), table.find(".."));
    assertEquals(Optional.empty(), table.find("../a"));
    assertEquals(List.of(), new RunTable(runs.resolve("none"), dir -> false).rows());
  }
}
