package dev.selvage.ranks;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikenessTest {
  /** Rank 0 of two; the other one says what it is told to. */
  private record TwoRanks(String other) implements Communicator {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int size() {
      return 2;
    }

    @Override
    public List<byte[]> gather(byte[] mine) {
      return List.of(mine, other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] broadcast(byte[] mine) {
      return mine;
    }

    @Override
    public void broadcast(Tensor values) {}

    @Override
    public Pending sum(Tensor values) {
      return () -> {};
    }

    @Override
    public Traffic traffic() {
      return new Traffic(0, 0, 0);
    }

    @Override
    public void leave() {}

    @Override
    public void fail(String reason) {}
  }

  @Test
  void theFirstDifferenceIsNamed() {
    Map<String, String> facts = Map.of("dataset", "9 photos\nabc");
    assertDoesNotThrow(() -> Likeness.require(new TwoRanks("dataset\n9 photos abc"), facts));
    assertEquals(
        "rank 1: expected the same dataset as rank 0 (9 photos abc), found 8 photos",
        assertThrows(
                UserError.class, () -> Likeness.require(new TwoRanks("dataset\n8 photos"), facts))
            .getMessage());
  }

  @Test
  void aVersionThatComparesOtherThingsIsRefused() {
    assertEquals(
        "rank 1: expected the same dataset as rank 0 (a), found another program",
        assertThrows(
                UserError.class,
                () -> Likeness.require(new TwoRanks("dataset\na\nmore\nb"), Map.of("dataset", "a")))
            .getMessage());
  }

  @Test
  void launchersAreKnownByTheirEnvironment() {
    assertEquals(Optional.empty(), Launcher.of(Map.of("PATH", "/bin")));
    assertEquals(
        Optional.of(new Launcher("OMPI_COMM_WORLD_SIZE", 4)),
        Launcher.of(Map.of("OMPI_COMM_WORLD_SIZE", "4", "PMIX_RANK", "1")));
    assertEquals(Optional.of(new Launcher("PMI_SIZE", 2)), Launcher.of(Map.of("PMI_SIZE", "2")));
    assertEquals(Optional.of(new Launcher("PMIX_RANK", 0)), Launcher.of(Map.of("PMIX_RANK", "0")));
  }

  @Test
  void aProcessIsDescribedForTheOthers() {
    RankProcess own = RankProcess.own();
    assertEquals(own, RankProcess.of(own.bytes()));
    assertEquals(ProcessHandle.current().pid(), own.pid());
  }

  @Test
  void jarsOfOtherContentDiffer(@TempDir Path dir) throws IOException {
    String first = Program.fingerprint(jar(dir.resolve("a.jar"), "one"));
    assertEquals(first, Program.fingerprint(jar(dir.resolve("b.jar"), "one")));
    assertNotEquals(first, Program.fingerprint(jar(dir.resolve("c.jar"), "two")));
  }

  private static Path jar(Path file, String content) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry("Some.class"));
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
