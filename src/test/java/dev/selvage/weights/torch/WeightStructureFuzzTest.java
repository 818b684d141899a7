package dev.selvage.weights.torch;

import dev.selvage.util.Fuzz;
import dev.selvage.weights.files.WeightFiles;
import dev.selvage.weights.keras.KerasVariantsTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weight files whose parts are whole and refer to each other as no program would write it. */
class WeightStructureFuzzTest {
  private static final int FILES = 8;

  @TempDir Path dir;

  /** Any instructions in any order, so that lists contain themselves and calls get anything. */
  @Test
  void picklesOfAnyInstructions() {
    Path file = dir.resolve("any.pkl");
    Fuzz.made(
        file, Fuzz.share(FILES), WeightStructureFuzzTest::pickle, b -> WeightFiles.inspect(file));
  }

  private static byte[] pickle(Random random) {
    PickleWriter writer = new PickleWriter();
    if (random.nextBoolean()) {
      writer.op('}').op(0x94);
    }
    int steps = 1 + random.nextInt(200);
    for (int i = 0; i < steps; i++) {
      switch (random.nextInt(18)) {
        case 0 -> writer.op(']').op(0x94);
        case 1 -> writer.op('}').op(0x94);
        case 2 -> writer.op('h').op(random.nextInt(8));
        case 3 -> writer.op('a');
        case 4 -> writer.op('s');
        case 5 -> writer.op('(');
        case 6 -> writer.op("teu1".charAt(random.nextInt(4)));
        case 7 -> writer.op(0x85 + random.nextInt(3));
        case 8 -> writer.text("k" + random.nextInt(5));
        case 9 -> writer.number(random.nextInt(9) - 1);
        case 10 -> writer.array(List.of(2L), 1, 2);
        case 11 -> writer.global("numpy", random.nextBoolean() ? "dtype" : "ndarray");
        case 12 -> writer.global("numpy.core.multiarray", "_reconstruct");
        case 13 -> writer.global("_codecs", "encode");
        case 14 -> writer.op('R');
        case 15 -> writer.op('b');
        case 16 -> writer.op('N');
        default -> writer.op(0x94);
      }
    }
    return writer.stop();
  }

  /** A damaged pickle in an archive whose checksums are right. */
  @Test
  void picklesThatAreDamagedInAnIntactArchive() throws IOException {
    Map<String, byte[]> entries = entries(TorchCheckpointTest.fixture("torchvision.pth"));
    Path file = dir.resolve("intact.pth");
    Fuzz.made(
        file, Fuzz.share(FILES), random -> zip(entries, random), b -> WeightFiles.inspect(file));
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] zip(Map<String, byte[]> entries, Random random) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> from : entries.entrySet()) {
        boolean pickle = from.getKey().endsWith(".pkl");
        byte[] bytes = pickle ? Fuzz.mutate(from.getValue(), random) : from.getValue();
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry(from.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
      }
    }
    return out.toByteArray();
  }

  /** Addresses that lead to another part of an HDF5 file, back to the same one among others. */
  @Test
  void hdf5FilesWithAddressesOfOtherParts() throws IOException {
    byte[] whole = Files.readAllBytes(KerasVariantsTest.fixture("plain.h5"));
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> slots = new ArrayList<>();
    for (int at = 24; at + 8 <= whole.length; at += 8) {
      long value = bytes.getLong(at);
      if (value > 0 && value < whole.length && value % 8 == 0) {
        slots.add(at);
      }
    }
    Path file = dir.resolve("addresses.h5");
    Fuzz.made(
        file,
        Fuzz.share(FILES),
        random -> relinked(whole, slots, random),
        b -> WeightFiles.inspect(file));
  }

  private static byte[] relinked(byte[] whole, List<Integer> slots, Random random) {
    ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = random.nextInt(6); i >= 0; i--) {
      int to = slots.get(random.nextInt(slots.size()));
      int from = slots.get(random.nextInt(slots.size()));
      bytes.putLong(to, random.nextInt(4) == 0 ? to / 8 * 8L : bytes.getLong(from));
    }
    return bytes.array();
  }
}
