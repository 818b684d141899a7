package dev.selvage.weights.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * PyTorch's file format since 1.6: a zip archive with a pickle, {@code NAME/data.pkl}, and the
 * numbers of each storage, {@code NAME/data/KEY}.
 */
final class TorchZip implements AutoCloseable {
  private static final String PICKLE = "data.pkl";

  /** The pickle has names and shapes only. */
  private static final int LONGEST_PICKLE = 1 << 26;

  private final ZipFile zip;
  private final String folder;
  private final ByteOrder order;

  /**
   * @throws PickleException if it is no archive of PyTorch's
   */
  TorchZip(Path file) throws IOException {
    zip = new ZipFile(file.toFile());
    try {
      String pickle =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(n -> n.equals(PICKLE) || n.endsWith("/" + PICKLE))
              .findFirst()
              .orElseThrow(() -> new PickleException("a zip archive without data.pkl"));
      folder = pickle.substring(0, pickle.length() - PICKLE.length());
      order = readOrder();
    } catch (RuntimeException | IOException e) {
      zip.close();
      throw e;
    }
  }

  /** The object that was saved. */
  Object read() throws IOException {
    ByteBuffer pickle = ByteBuffer.wrap(read(entry(PICKLE), LONGEST_PICKLE));
    return PickleMachine.read(
        new PickleInput(pickle),
        new TorchGlobals(this::storage, s -> storageEntry(s.key(), s.bytes())));
  }

  private ByteOrder readOrder() throws IOException {
    ZipEntry entry = zip.getEntry(folder + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    String name = new String(read(entry, 16), StandardCharsets.US_ASCII);
    return switch (name) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default -> throw new PickleException("the byte order " + name);
    };
  }

  private ByteBuffer storage(String key, long bytes) {
    ZipEntry entry = storageEntry(key, bytes);
    try {
      return ByteBuffer.wrap(read(entry, bytes)).order(order);
    } catch (IOException e) {
      throw new PickleException("%s damaged (%s)".formatted(entry.getName(), e.getMessage()), e);
    }
  }

  /** PyTorch compresses nothing, so that an entry is no greater than the file. */
  private ZipEntry storageEntry(String key, long bytes) {
    ZipEntry entry = entry("data/" + key);
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != bytes) {
      throw new PickleException(
          "%d bytes of numbers in %s instead of %d"
              .formatted(entry.getSize(), entry.getName(), bytes));
    }
    return entry;
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = zip.getEntry(folder + name);
    if (entry == null) {
      throw new PickleException("a zip archive without " + name);
    }
    return entry;
  }

  private byte[] read(ZipEntry entry, long most) throws IOException {
    if (entry.getSize() > most) {
      throw new PickleException("%d bytes in %s".formatted(entry.getSize(), entry.getName()));
    }
    CRC32 checksum = new CRC32();
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes(Math.toIntExact(most));
    }
    checksum.update(bytes);
    if (bytes.length != entry.getSize() || checksum.getValue() != entry.getCrc()) {
      throw new PickleException(entry.getName() + " with a wrong checksum");
    }
    return bytes;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
