package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path folder;

  @Test
  void showsEverySettingAndWhatIsUsual() throws IOException {
    Path file =
        Files.writeString(folder.resolve("a.json"), "{\"LRS\": [0.5, 0.25], \"EPOCHS\": [1, 2]}");
    Outcome outcome = TinyRun.call("config", file.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().matches("(?s).*\nLRS +\\[0.5,0.25]  \\(default \\[0.001]\\)\n.*"),
        outcome.out());
    assertTrue(outcome.out().matches("(?s).*\nTRAIN_BN +false  \\(default\\)\n.*"), outcome.out());
  }

  @Test
  void showsTheDifferenceAlone() throws IOException {
    Path a =
        Files.writeString(folder.resolve("a.json"), "{\"WEIGHT_DECAY\": 0.5, \"TRAIN_BN\": null}");
    Path b =
        Files.writeString(
            folder.resolve("b.json"), "{\"WEIGHT_DECAY\": 0.25, \"NAME\": \"selvage\"}");
    Outcome outcome = TinyRun.call("config", a.toString(), b.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertEquals(
        new ObjectMapper()
            .readTree(
                "{\"WEIGHT_DECAY\": [\"0.5\", \"0.25\"], \"TRAIN_BN\": [\"null\", \"false\"]}"),
        json);
    Outcome table = TinyRun.call("config", a.toString(), b.toString());
    assertEquals(3, table.out().lines().count(), table.out());
    Outcome same = TinyRun.call("config", a.toString(), a.toString());
    assertTrue(same.out().contains("do not differ"), same.out());
  }

  @Test
  void comparesRunsWithPresets() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Outcome outcome = TinyRun.call("config", tiny.run.toString(), "street");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().matches("(?s).*\nseed +3 +-\n.*"), outcome.out());
    assertTrue(outcome.out().contains("data, 4 photos"), outcome.out());
    assertFalse(outcome.out().contains("TRAIN_BN"), outcome.out());
    Outcome last = TinyRun.call("config", "last", "--runs", tiny.runs.toString());
    assertTrue(last.out().contains("\"tiny\""), last.out());
  }

  @Test
  void refusesWhatHasNoSettings() throws IOException {
    Outcome none = TinyRun.call("config", folder.resolve("none").toString());
    assertEquals(2, none.code());
    assertTrue(none.err().contains("last or a preset (fashion"), none.err());
    Path broken = Files.writeString(folder.resolve("b.json"), "{\"LRS\": \"fast\"}");
    Outcome outcome = TinyRun.call("config", "street", broken.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("LRS must be a list, each item a number"), outcome.err());
    Outcome unused = TinyRun.call("config", "street", "--runs", folder.toString());
    assertEquals(2, unused.code());
    assertTrue(unused.err().contains("--runs has an effect only with the argument last"));
    Outcome runs = TinyRun.call("config", "last", "--runs", folder.toString());
    assertEquals(2, runs.code());
    assertTrue(runs.err().contains("expected a run in"), runs.err());
  }
}
