package dev.selvage.weights.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import dev.selvage.weights.files.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HDF5 files that are small, and would be large or endless when they are read. */
// what takes longer would not end at all
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Hdf5BudgetTest {
  private static final int ROOT_TREE_AT = 80; // in a superblock of version 0
  private static final int NODE_BYTES = 544;

  @TempDir Path dir;

  /** Each of forty nodes has the next one twice: two to the power of forty leaves. */
  @Test
  void followsATreeOnlySoFar() throws IOException {
    byte[] whole = Files.readAllBytes(KerasVariantsTest.fixture("plain.h5"));
    int depth = 40;
    ByteBuffer file =
        ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + depth * NODE_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    int root = (int) file.getLong(ROOT_TREE_AT);
    byte[] leaf = Arrays.copyOfRange(whole, root, root + NODE_BYTES);
    assertEquals("TREE", new String(leaf, 0, 4, java.nio.charset.StandardCharsets.US_ASCII));
    for (int level = depth; level >= 0; level--) {
      int at = level == depth ? root : whole.length + level * NODE_BYTES;
      file.position(at).put(leaf);
      if (level > 0) {
        long child = whole.length + (level - 1) * NODE_BYTES;
        file.put(at + 5, (byte) level).putShort(at + 6, (short) 2);
        file.putLong(at + 32, child).putLong(at + 48, child);
      }
    }
    refused(
        Files.write(dir.resolve("tree.h5"), file.array()),
        "expected an HDF5 file of Keras weights, found one that cannot be read (its parts refer to each other again and again)");
  }

  @Test
  void anArrayThatIsNotThereTakesNoMemory() {
    Path file = dir.resolve("claims.h5");
    AtomicFile.write(
        file,
        channel -> {
          Hdf5Writer writer = new Hdf5Writer(channel);
          long array =
              writer.object(
                  List.of(
                      Hdf5Message.dataspace(1L << 40),
                      Hdf5Message.float32(),
                      Hdf5Message.zeroFill(),
                      Hdf5Message.contiguous(Hdf5Message.UNDEFINED, 0)));
          finishWithLayer(writer, array, "kernel:0");
        });
    refused(
        file,
        "expected arrays that fit into %d bytes, found a/kernel of shape [1099511627776]"
            .formatted(file.toFile().length()));
  }

  @Test
  void manyNamesOfOneArrayTakeNoTime() {
    Path file = dir.resolve("often.h5");
    String[] names = new String[500];
    Arrays.fill(names, "kernel:0");
    AtomicFile.write(
        file,
        channel -> {
          Hdf5Writer writer = new Hdf5Writer(channel);
          long array = writer.dataset(new float[1 << 18], 1 << 18);
          finishWithLayer(writer, array, names);
        });
    refused(
        file,
        "expected arrays that fit into %d bytes, found a/kernel of shape [262144] and many others"
            .formatted(file.toFile().length()));
  }

  /** A file of one layer, "a", whose weights have these names and are all one array. */
  private static void finishWithLayer(Hdf5Writer writer, long array, String... names)
      throws IOException {
    long group =
        writer.object(
            List.of(
                Hdf5Message.linkInfo(),
                Hdf5Message.groupInfo(),
                Hdf5Message.link("kernel:0", array),
                Hdf5Message.attribute("weight_names", List.of(names))));
    writer.finish(
        writer.object(
            List.of(
                Hdf5Message.linkInfo(),
                Hdf5Message.groupInfo(),
                Hdf5Message.link("a", group),
                Hdf5Message.attribute("layer_names", List.of("a")))));
  }

  private static void refused(Path file, String message) {
    UserError error = assertThrows(UserError.class, () -> WeightFiles.inspect(file));
    assertEquals(file + ": " + message, error.getMessage());
  }
}
