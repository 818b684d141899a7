package dev.selvage.weights.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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

  /** More than any model has; each is looked up as often as the pickle likes. */
  private static final int MOST_ENTRIES = 100_000;

  private final ZipFile zip;
  private final long fileBytes;
  private final Map<String, ZipEntry> entries = new HashMap<>();
  private final String folder;
  private final ByteOrder order;

  /**
   * @throws PickleException if it is no archive of PyTorch's
   */
  TorchZip(Path file) throws IOException {
    fileBytes = Files.size(file);
    zip = new ZipFile(file.toFile());
    try {
      readEntries();
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

  /** In a map of our own: the archive's is slow where names have the same hash. */
  private void readEntries() {
    if (zip.size() > MOST_ENTRIES) {
      throw new PickleException("a zip archive with %d entries".formatted(zip.size()));
    }
    zip.stream()
        .forEach(
            entry -> {
              PickleMachine.requireShort(entry.getName());
              entries.put(entry.getName(), entry);
            });
  }

  /** The object that was saved. */
  Object read() throws IOException {
    ByteBuffer pickle = ByteBuffer.wrap(read(entry(PICKLE), LONGEST_PICKLE));
    return PickleMachine.read(
        new PickleInput(pickle),
        new TorchGlobals(this::storage, fileBytes, s -> storageEntry(s.key(), s.bytes())));
  }

  private ByteOrder readOrder() throws IOException {
    ZipEntry entry = entries.get(folder + "byteorder");
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

  private ZipEntry storageEntry(String key, long bytes) {
    ZipEntry entry = entry("data/" + key);
    if (entry.getSize() != bytes) {
      throw new PickleException(
          "%d bytes of numbers in %s instead of %d"
              .formatted(entry.getSize(), entry.getName(), bytes));
    }
    return entry;
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = entries.get(folder + name);
    if (entry == null) {
      throw new PickleException("a zip archive without " + name);
    }
    return entry;
  }

  private byte[] read(ZipEntry entry, long most) throws IOException {
    // PyTorch compresses nothing, so that an entry is no greater than the file
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new PickleException("the compressed entry %s".formatted(entry.getName()));
    }
    if (entry.getSize() > Math.min(most, fileBytes)) {
      throw new PickleException("%d bytes in %s".formatted(entry.getSize(), entry.getName()));
    }
    CRC32 checksum = new CRC32();
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes(Math.toIntExact(entry.getSize()));
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
