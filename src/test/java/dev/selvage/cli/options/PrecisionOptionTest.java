package dev.selvage.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.run.RunFolder;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.TinyDataset;
import dev.selvage.util.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionOptionTest {
  @TempDir Path dir;

  @Test
  void aRunRemembersItsPrecisionAndSaysWhenItChanges() throws IOException {
    Needs.bf16("training");
    long live = Tensor.live();
    Outcome begun = train("--precision", "bf16", "--set", "EPOCHS=1");
    assertEquals(0, begun.code(), begun.err());
    Path config = RunFolder.last(dir.resolve("runs"), null).orElseThrow().config();
    assertEquals("bf16", precision(config));

    Outcome same = train("--set", "EPOCHS=2");
    assertEquals(0, same.code(), same.err());
    assertFalse(same.err().contains("PRECISION"), same.err());
    assertEquals("bf16", precision(config));

    Outcome other = train("--precision", "f32", "--set", "EPOCHS=3");
    assertEquals(0, other.code(), other.err());
    assertTrue(other.err().contains("PRECISION: was \"bf16\", is now \"f32\""), other.err());
    assertEquals("f32", precision(config));
    assertEquals(live, Tensor.live());
  }

  @Test
  void findsTheSameInBothPrecisions() throws IOException {
    Needs.bf16("detection");
    TinyRun tiny = new TinyRun(dir);
    String[] found = new String[2];
    for (int i = 0; i < 2; i++) {
      Outcome outcome =
          TinyRun.call(
              "predict",
              "--weights",
              tiny.run.toString(),
              "--images",
              tiny.data.resolve("train").toString(),
              "--out",
              dir.resolve("out" + i).toString(),
              "--no-pictures",
              "--json",
              "--precision",
              List.of("f32", "bf16").get(i));
      assertEquals(0, outcome.code(), outcome.err());
      found[i] = new ObjectMapper().readTree(outcome.out()).get("objects").toString();
    }
    assertEquals(found[0], found[1]);
  }

  @Test
  void badInputIsOneSentence() throws IOException {
    assertRefused("option --precision: expected f32", "found 'f64'", "--precision", "f64");
    assertRefused("option --precision: expected f32", "found f16", "--precision", "f16");
    assertRefused("PRECISION must be one of f32, bf16, f16", "found f8", "--set", "PRECISION=f8");
    assertRefused("PRECISION: expected f32", "on cpu, found f16", "--set", "PRECISION=f16");
    Outcome twice = TinyRun.call("bench", "step", "--precision", "f32,f32");
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains("expected each name once, found 'f32,f32'"), twice.err());
  }

  private void assertRefused(String expected, String found, String... options) throws IOException {
    Outcome outcome = train(options);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(expected), outcome.err());
    assertTrue(outcome.err().contains(found), outcome.err());
    assertFalse(Files.exists(dir.resolve("runs")), "a refused run has left files");
  }

  private static String precision(Path config) throws IOException {
    return new ObjectMapper().readTree(config.toFile()).get("PRECISION").asText();
  }

  private Outcome train(String... options) throws IOException {
    Path data = dir.resolve("tiny");
    if (!Files.exists(data)) {
      TinyDataset.write(data, 6);
    }
    List<String> line =
        new ArrayList<>(
            List.of("train", "--data", data.toString(), "--runs", dir.resolve("runs").toString()));
    line.addAll(List.of("--device", "cpu"));
    List<String> settings = new ArrayList<>(TinyDataset.SETTINGS);
    settings.addAll(
        List.of("LRS=0.01", "LAYERS=all", "FLIPS=true", "STEPS_PER_EPOCH=1", "VALIDATION_STEPS=1"));
    settings.forEach(setting -> line.addAll(List.of("--set", setting)));
    line.addAll(List.of(options));
    return TinyRun.call(line.toArray(String[]::new));
  }
}
