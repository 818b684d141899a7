package dev.selvage.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pickles that are small, and would be large or endless when they are read. */
// what takes longer would not end at all
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PickleLimitsTest {
  /** Pushes what was remembered last and was first. */
  private static final int GET = 'h';

  private static final int REMEMBER = 0x94;
  private static final int APPEND = 'a';

  @TempDir Path dir;

  private static PickleWriter list() {
    return new PickleWriter().op(']').op(REMEMBER);
  }

  @Test
  void twoListsMayContainEachOther() throws IOException {
    PickleWriter two = list().op(']').op(REMEMBER).op(GET).op(0).op(APPEND).op(APPEND);
    refused(two.stop(), "a pickle without named tensors");
  }

  /** Sixty lists, each with the next one twice, where PyTorch's older format has its version. */
  @Test
  void aVersionIsNotPrintedWhateverItIs() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(mark());
    PickleWriter version = list();
    for (int i = 1; i < 60; i++) {
      version.op(']').op(REMEMBER).op(GET).op(i - 1).op(APPEND).op(GET).op(i - 1).op(APPEND);
    }
    file.writeBytes(version.stop());
    refused(file.toByteArray(), "no version of PyTorch's format instead of 1001");
  }

  @Test
  void theKeyOfAStorageMayBeAList() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(mark());
    file.writeBytes(new PickleWriter().number(1001).stop());
    file.writeBytes(new PickleWriter().op('}').stop());
    file.writeBytes(new PickleWriter().op('}').stop());
    file.writeBytes(
        new PickleWriter().op(']').op(']').op(REMEMBER).op(GET).op(0).op(APPEND).op(APPEND).stop());
    refused(file.toByteArray(), "a damaged one");
  }

  /** The number that older files of PyTorch begin with. */
  private static byte[] mark() {
    byte[] number = new java.math.BigInteger("119547037146038801333356").toByteArray();
    PickleWriter writer = new PickleWriter().op(0x8A).op(number.length);
    for (int i = number.length - 1; i >= 0; i--) {
      writer.op(number[i] & 0xFF);
    }
    return writer.stop();
  }

  /** Strings and numbers whose hashes are all the same. */
  @Test
  void keysWithOneHashTakeNoMoreTime() throws IOException {
    int bits = 15;
    PickleWriter writer = new PickleWriter().op('}');
    int hash = collision(0, bits).hashCode();
    for (int i = 0; i < 1 << bits; i++) {
      long high = i + 1;
      long number = high << 32 | (hash ^ high) & 0xFFFFFFFFL;
      assertEquals(hash, Long.hashCode(number));
      writer.op(0x8A).op(8);
      for (int b = 0; b < 8; b++) {
        writer.op((int) (number >> 8 * b) & 0xFF);
      }
      writer.op('N').op('s').text(collision(i, bits)).op('N').op('s');
    }
    writer.text("a").array(List.of(1L), 7).op('s');
    try (TorchCheckpoint checkpoint = open(writer.stop())) {
      assertEquals(1, checkpoint.tensors().size());
      assertArrayEquals(new float[] {7}, checkpoint.values(checkpoint.tensors().get("a")));
    }
  }

  private static String collision(int number, int bits) {
    StringBuilder text = new StringBuilder();
    for (int b = 0; b < bits; b++) {
      text.append((number >> b & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }

  @Test
  void namesAndShapesAreShort() throws IOException {
    String found = "a name of 1001 characters in a pickle";
    String name = "n".repeat(1001);
    refused(new PickleWriter().op('}').text(name).op('N').op('s').stop(), found);
    refused(new PickleWriter().text(name).text("x").op(0x93).stop(), found);
    refused(new PickleWriter().global("numpy", name).stop(), found);
    refused(
        new PickleWriter().op('}').text("a").array(java.util.Collections.nCopies(9, 1L), 1).stop(),
        "an array with 9 axes");
    refused(
        new PickleWriter().global("numpy", "dtype").text("f44444444").op(0x85).op('R').stop(),
        "a numpy array of a type of 9 letters");
  }

  /** One text, which is a name of an array's bytes in protocol 2, a thousand times. */
  @Test
  void oneTextIsNotManyArrays() throws IOException {
    PickleWriter writer =
        new PickleWriter().global("_codecs", "encode").op(REMEMBER).text("x".repeat(100_000));
    writer.op(0x85).op(REMEMBER);
    for (int i = 0; i < 1000; i++) {
      writer.op(GET).op(0).op(GET).op(1).op('R');
    }
    refused(writer.stop(), "numpy arrays that share one text too often");
  }

  @Test
  void nothingIsCompressed() throws IOException {
    Path file = dir.resolve("bomb.pth");
    byte[] pickle = new byte[1 << 22];
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.write(pickle);
    }
    refused(Files.readAllBytes(file), "the compressed entry m/data.pkl");
  }

  private TorchCheckpoint open(byte[] bytes) throws IOException {
    return new TorchCheckpoint(Files.write(dir.resolve("test.pth"), bytes), ByteBuffer.wrap(bytes));
  }

  private void refused(byte[] bytes, String found) {
    UserError error = assertThrows(UserError.class, () -> open(bytes).close());
    assertEquals(
        dir.resolve("test.pth")
            + ": expected a checkpoint of PyTorch or Detectron2, found "
            + found,
        error.getMessage());
  }
}
