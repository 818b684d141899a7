package dev.selvage.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.JsonErrors;
import dev.selvage.util.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Named float32 tensors in a file, as the safetensors format has them: the length of the header in
 * 8 bytes, the header in JSON (name to dtype, shape and place; texts under {@code __metadata__}),
 * then the values, little-endian. The values go past the Java heap.
 *
 * <p>The first text is {@code crc32c}, the checksum (RFC 3720) of the whole file in eight
 * hexadecimal digits, which count as zeros for it. Opening a file reads it once from end to end to
 * compare; a file without a checksum is accepted.
 */
public final class Safetensors implements AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32c";

  /** Placeholder for the checksum while it is computed. */
  private static final String UNKNOWN = "00000000";

  /** How the header begins. */
  private static final String BEGINNING =
      "{\"%s\":{\"%s\":\"%s".formatted(METADATA, CHECKSUM, UNKNOWN);

  /** Place of the checksum in the file. */
  private static final int CHECKSUM_AT = Long.BYTES + BEGINNING.length() - UNKNOWN.length();

  /** Bytes that are summed up at a time. */
  private static final int BLOCK = 1 << 20;

  /** The format's own limit. */
  private static final long LONGEST_HEADER = 100_000_000;

  /** Where a tensor's values lie, in bytes after the header. */
  private record Entry(long[] shape, long begin, long end) {}

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Safetensors(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    ByteBuffer length = read(0, Long.BYTES);
    long headerLength = length.getLong();
    if (headerLength < 2 || headerLength > Math.min(LONGEST_HEADER, channel.size() - Long.BYTES)) {
      throw bad("a header that fits the file", "a length of " + headerLength);
    }
    dataStart = Long.BYTES + headerLength;
    parse(text(read(Long.BYTES, (int) headerLength)));
    String stated = metadata.remove(CHECKSUM);
    if (stated != null) {
      String found = checksum();
      if (!found.equals(stated)) {
        throw bad("the checksum " + stated + " that the file states", found);
      }
    }
  }

  /**
   * Writes a file, whole or not at all.
   *
   * @throws UserError if it cannot be written
   */
  public static void write(Path target, Map<String, String> metadata, Map<String, Tensor> tensors) {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode texts = header.putObject(METADATA);
    texts.put(CHECKSUM, UNKNOWN);
    metadata.forEach(texts::put);
    long offset = 0;
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      long end = offset + Float.BYTES * tensor.getValue().size();
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", "F32");
      entry.set("shape", JSON.valueToTree(tensor.getValue().shape()));
      entry.set("data_offsets", JSON.valueToTree(new long[] {offset, end}));
      offset = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    // spaces at its end align the values to a multiple of 8 bytes
    byte[] bytes = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(bytes, text.length, bytes.length, (byte) ' ');
    ByteBuffer start =
        ByteBuffer.allocate(Long.BYTES + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(bytes.length).put(bytes).flip();
    AtomicFile.write(
        target,
        out -> {
          CRC32C sum = new CRC32C();
          ChecksumChannel summed = new ChecksumChannel(out, sum);
          summed.write(start);
          for (Tensor tensor : tensors.values()) {
            tensor.writeTo(summed);
          }
          out.position(CHECKSUM_AT);
          out.write(StandardCharsets.US_ASCII.encode(digits(sum)));
        });
  }

  /**
   * Opens a file and checks that it is complete.
   *
   * @throws UserError if it cannot be read, is not a safetensors file, or is damaged
   */
  public static Safetensors open(Path file) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file);
      Safetensors opened = new Safetensors(file, channel);
      channel = null;
      return opened;
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    } finally {
      closeQuietly(channel);
    }
  }

  /** The texts that were written with the tensors. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Whether there are tensors whose names begin so. */
  public boolean holds(String beginning) {
    return entries.keySet().stream().anyMatch(name -> name.startsWith(beginning));
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * Reads a tensor's values into one of the same shape.
   *
   * @throws UserError if there is none of this name and shape
   */
  public void read(String name, Tensor target) {
    Entry entry = entries.get(name);
    if (entry == null || !Arrays.equals(entry.shape, target.shape())) {
      throw bad(
          "%s of shape %s".formatted(name, Arrays.toString(target.shape())),
          entry == null ? "none" : Arrays.toString(entry.shape));
    }
    try {
      channel.position(dataStart + entry.begin);
      target.readFrom(channel);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  private String text(ByteBuffer header) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw bad("a header in UTF-8", "other bytes");
    }
  }

  private void parse(String header) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw bad("a header in JSON", JsonErrors.reason(e));
    }
    long end = 0;
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      } else {
        Entry entry = entry(field.getKey(), field.getValue());
        entries.put(field.getKey(), entry);
        end = Math.max(end, entry.end);
      }
    }
    if (dataStart + end != channel.size()) {
      throw bad(
          "%d bytes, as the header says".formatted(dataStart + end), Long.toString(channel.size()));
    }
  }

  private String checksum() throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    for (long at = 0; channel.read(block.clear(), at) > 0; at += block.limit()) {
      block.flip();
      if (at == 0 && block.limit() >= CHECKSUM_AT + UNKNOWN.length()) {
        block.put(CHECKSUM_AT, UNKNOWN.getBytes(StandardCharsets.US_ASCII));
      }
      sum.update(block);
    }
    return digits(sum);
  }

  private static String digits(CRC32C sum) {
    return "%08x".formatted(sum.getValue());
  }

  private Entry entry(String name, JsonNode node) {
    long[] shape = numbers(node.path("shape"));
    long[] place = numbers(node.path("data_offsets"));
    boolean good =
        node.path("dtype").asText().equals("F32")
            && place.length == 2
            && place[0] >= 0
            && place[1] >= place[0]
            && place[1] - place[0] == bytes(shape);
    if (!good) {
      throw bad("a float32 tensor " + name, node.toString());
    }
    return new Entry(shape, place[0], place[1]);
  }

  /** -1 for a shape that no tensor has. */
  private static long bytes(long[] shape) {
    try {
      return Arrays.stream(shape).allMatch(d -> d >= 0)
          ? Math.multiplyExact(Float.BYTES, Tensor.count(shape))
          : -1;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static long[] numbers(JsonNode list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode number = list.get(i);
      boolean whole = number.isIntegralNumber() && number.canConvertToLong();
      values[i] = whole ? number.longValue() : -1;
    }
    return values;
  }

  private ByteBuffer read(long position, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("it ends after " + channel.size() + " bytes");
      }
    }
    return bytes.flip();
  }

  private UserError bad(String expected, String found) {
    return new UserError("%s: expected %s, found %s".formatted(file, expected, found));
  }

  private static void closeQuietly(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }
}
