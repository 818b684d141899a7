package dev.selvage.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path runs;

  @Test
  void theLastRunIsTheOneThatStartedLastWhateverItsName() throws IOException {
    run("tiny20260329T0230", "tiny", "2026-03-29T00:30:00Z"); // before the change to summer time
    run("tiny20260329T0210", "tiny", "2026-03-29T01:10:00Z");
    assertEquals("tiny20260329T0210", last(null));
    run("sample", "Sample", "2026-03-29T01:20:00.5Z"); // chosen with --run
    assertEquals("sample", last(null));
    assertEquals("sample", last("sAMPLE"));
    assertEquals("tiny20260329T0210", last("tiny"));
    assertTrue(RunFolder.last(runs, "other").isEmpty());
    run("tiny20260329T0230", "tiny", "2026-03-29T01:30:00Z"); // continued
    assertEquals("tiny20260329T0230", last(null));
  }

  @Test
  void runsOfOlderVersionsAreOrderedByTheirFiles() throws IOException {
    Path older = run("tiny20260329T0230", "tiny", null);
    Path newer = run("tiny20260329T0210", "tiny", null);
    written(older, "2026-03-29T00:30:00Z");
    written(newer, "2026-03-29T01:10:00Z");
    assertEquals("tiny20260329T0210", last(null));
    run("tiny20260329T0100", "tiny", "2026-03-29T01:00:00Z");
    assertEquals("tiny20260329T0210", last(null));
  }

  @Test
  void aDamagedLastRunIsNamedAndNotPassedOver() throws IOException {
    run("tiny20260329T0230", "tiny", "2026-03-29T00:30:00Z");
    Path config = run("tiny20260329T0240", "tiny", "2026-03-29T00:40:00Z");
    Files.writeString(config, Files.readString(config).substring(0, 200));
    UserError error = assertThrows(UserError.class, () -> RunFolder.last(runs, "tiny"));
    assertTrue(error.getMessage().startsWith(config.toString()), error.getMessage());
    Files.delete(config); // no run
    assertEquals("tiny20260329T0230", last(null));
  }

  @Test
  void twoNewRunsGetTwoFoldersNamedInUtc() {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati")); // 14 hours ahead
      Path first = RunFolder.makeFresh(runs.resolve("all"), "Tiny");
      Path second = RunFolder.makeFresh(runs.resolve("all"), "Tiny");
      assertNotEquals(first, second);
      assertTrue(Files.isDirectory(first) && Files.isDirectory(second));
      LocalDateTime time =
          LocalDateTime.parse(
              first.getFileName().toString().substring("tiny".length()),
              DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm"));
      Duration ago = Duration.between(time.toInstant(ZoneOffset.UTC), Instant.now());
      assertTrue(Math.abs(ago.toMinutes()) < 60, ago.toString());
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private String last(String name) {
    return RunFolder.last(runs, name).orElseThrow().dir().getFileName().toString();
  }

  private Path run(String dir, String name, String started) throws IOException {
    RunInfo info =
        new RunInfo(List.of("train"), started, Map.of(), 1, "none", "d", 4, "0", List.of());
    Files.createDirectories(runs.resolve(dir));
    Path config = runs.resolve(dir).resolve("config.json");
    ConfigWriter.write(
        ConfigReader.read(null, null, List.of("NAME=" + name)), info.about(), config);
    if (started == null) {
      Files.writeString(config, Files.readString(config).replaceAll("\"started\".*\n", ""));
    }
    return config;
  }

  private static void written(Path config, String time) throws IOException {
    Files.setLastModifiedTime(config, FileTime.from(Instant.parse(time)));
  }
}
