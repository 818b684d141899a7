package dev.selvage.predict;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The raw detections of many photos in a file that grows photo by photo: {@value #MAGIC}, then the
 * {@link RawHeader} and the photos in their order, each as its length and its CRC-32C in four bytes
 * and its bytes, numbers with the lowest byte first. What an interrupted run left half-written is
 * cut off when the file is opened, and the photos that are missing can be added.
 */
public final class RawFile {
  private static final String MAGIC = "SELVAGE RAW 1\n";

  /** Length and checksum. */
  private static final int FRAME = 2 * Integer.BYTES;

  /** Bytes that wait before they go to the disk together. */
  private static final int BATCH = 1 << 20;

  private final Path file;
  private final RawHeader header;

  /** Where each photo's frame begins, and where the last one ends. */
  private final List<Long> places = new ArrayList<>();

  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

  private RawFile(Path file, RawHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Where the raw detections of weights lie unless another file is named.
   *
   * @param stem the name of the weight file without its ending, or several such names
   * @param part of the dataset: train, valid or all
   * @param views the plain one first
   */
  public static Path nextTo(Path weights, String stem, String part, List<View> views) {
    String suffix = views.size() > 1 ? "." + View.text(views).replace(',', '+') : "";
    return weights.toAbsolutePath().resolveSibling("%s.%s%s.raw".formatted(stem, part, suffix));
  }

  /**
   * Opens a file, or begins it where there is none.
   *
   * @param note takes a sentence where a half-written end was cut off
   * @throws UserError it is no such file, is of other weights or photos, or cannot be written
   */
  static RawFile open(Path file, RawHeader wanted, Consumer<String> note) {
    RawFile raw = new RawFile(file, wanted);
    if (!Files.exists(file)) {
      ByteArrayOutputStream begin = new ByteArrayOutputStream();
      begin.writeBytes(MAGIC.getBytes(StandardCharsets.UTF_8));
      begin.writeBytes(framed(wanted.toJson().getBytes(StandardCharsets.UTF_8)));
      AtomicFile.write(file, ByteBuffer.wrap(begin.toByteArray()));
      raw.places.add((long) begin.size());
      return raw;
    }
    long intact = raw.scan();
    try {
      long size = Files.size(file);
      if (intact < size) {
        AtomicFile.truncate(file, intact);
        note.accept(
            "%s: the last %d bytes are damaged or half-written; they are cut off, and the photos from number %d on are computed again"
                .formatted(file, size - intact, raw.size() + 1));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return raw;
  }

  /** Finds the photos, and gives the place where the intact ones end. */
  private long scan() {
    try (FileChannel in = FileChannel.open(file)) {
      byte[] magic = bytes(in, 0, Math.min(MAGIC.length(), in.size()));
      if (!new String(magic, StandardCharsets.UTF_8).equals(MAGIC)) {
        throw new UserError(
            "%s: expected raw detections that `tune` or `evaluate` kept, found something else"
                .formatted(file));
      }
      long at = MAGIC.length();
      Optional<byte[]> json = frame(in, at);
      RawHeader found = header(json);
      found.requireSame(header, file);
      at += FRAME + json.get().length;
      places.add(at);
      for (Optional<byte[]> photo = frame(in, at);
          photo.isPresent() && size() < header.count();
          photo = frame(in, at)) {
        at += FRAME + photo.get().length;
        places.add(at);
      }
      return at;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private RawHeader header(Optional<byte[]> json) {
    try {
      return RawHeader.read(
          new String(json.orElseThrow(IllegalArgumentException::new), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: expected raw detections, found a damaged file; delete it, and it is made anew"
              .formatted(file),
          e);
    }
  }

  /** The bytes of a frame; empty where it is not whole. */
  private static Optional<byte[]> frame(FileChannel in, long at) throws IOException {
    long left = in.size() - at;
    if (left < FRAME) {
      return Optional.empty();
    }
    ByteBuffer frame = ByteBuffer.wrap(bytes(in, at, FRAME)).order(ByteOrder.LITTLE_ENDIAN);
    int length = frame.getInt();
    int checksum = frame.getInt();
    if (length < 0 || length > left - FRAME) {
      return Optional.empty();
    }
    byte[] bytes = bytes(in, at + FRAME, length);
    return checksum(bytes) == checksum ? Optional.of(bytes) : Optional.empty();
  }

  private static byte[] bytes(FileChannel in, long at, long count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(count));
    while (bytes.hasRemaining()) {
      if (in.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file became shorter");
      }
    }
    return bytes.array();
  }

  private static byte[] framed(byte[] bytes) {
    return ByteBuffer.allocate(FRAME + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(bytes.length)
        .putInt(checksum(bytes))
        .put(bytes)
        .array();
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** How many photos are in the file or wait to be written. */
  public int size() {
    return places.size() - 1;
  }

  /** How many there are when all are in. */
  public int total() {
    return header.count();
  }

  /** SHA-256 of the weight files that found them, joined by "+". */
  public String weights() {
    return header.weights();
  }

  /**
   * Adds the next photo. It may wait in memory for {@link #flush}.
   *
   * @param number its place among the photos of the file: {@link #size}
   * @param photo empty where it cannot be used
   * @throws UserError it cannot be written
   */
  synchronized void add(int number, Optional<RawPhoto> photo) {
    if (number != size()) {
      throw new IllegalStateException("expected photo " + size() + ", found photo " + number);
    }
    byte[] bytes = framed(RawBytes.write(photo));
    waiting.writeBytes(bytes);
    places.add(places.get(places.size() - 1) + bytes.length);
    if (waiting.size() >= BATCH) {
      flush();
    }
  }

  /** Brings the photos that wait to the disk. */
  synchronized void flush() {
    if (waiting.size() > 0) {
      AtomicFile.append(file, ByteBuffer.wrap(waiting.toByteArray()));
      waiting.reset();
    }
  }

  /**
   * Reads a photo. Thread-safe once all are written.
   *
   * @param number its place among the photos of the file
   * @return empty where the photo could not be used
   */
  public Optional<RawPhoto> photo(int number) {
    try (FileChannel in = FileChannel.open(file)) {
      return RawBytes.read(
          frame(in, places.get(number)).orElseThrow(() -> new IOException("it has changed")));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static UserError unreadable(Path file, IOException e) {
    return new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
  }
}
