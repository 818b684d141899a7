package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.model.TinyModel;
import dev.selvage.util.TestJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench scale} for several numbers of ranks in one call. */
class ScaleBenchTest {
  @TempDir Path dir;

  @Test
  void everyNumberOfRanksIsMeasuredInTurn() throws Exception {
    RankProcesses.requireMpi();
    List<String> line = TestJava.selvage();
    line.addAll(List.of("bench", "scale", "--ranks", "1,2"));
    line.addAll(List.of("--size", "64", "--steps", "1", "--device", "cpu"));
    line.addAll(TinyModel.words());
    ProcessBuilder bench = new ProcessBuilder(line);
    bench.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    bench.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    Path out = dir.resolve("out");
    Path said = dir.resolve("said");
    int code = bench.redirectOutput(out.toFile()).redirectError(said.toFile()).start().waitFor();
    assertEquals(0, code, () -> read(said));
    List<String> lines = Files.readAllLines(out);
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("ranks"), lines::toString);
    assertTrue(lines.get(1).matches(" +1 .* 100% +0\\.0 .*"), lines::toString);
    assertTrue(lines.get(2).matches(" +2 .*%"), lines::toString);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
