package dev.selvage.tensorboard;

import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What TensorBoard shows: a file of records (length, its checksum, data, its checksum), each a
 * protocol buffer {@code Event}. Records are appended.
 */
public final class EventFile {
  // field numbers of tensorflow.Event and Summary
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;

  /** The byte before an event's step: its field and the type of a whole number. */
  private static final int STEP_KEY = STEP << 3;

  private static final int FRAME = 12; // length and its checksum

  private final Path file;

  /**
   * Opens or begins a file and drops what comes after a step, which a run that goes on from there
   * writes again, and a record that was only half written.
   */
  public EventFile(Path file, long lastStep) {
    this.file = file;
    long kept = endOfKept(lastStep);
    if (kept > 0) {
      AtomicFile.truncate(file, kept);
    } else {
      AtomicFile.write(file, record(event(0).text(FILE_VERSION, "brain.Event:2").toBytes()));
    }
  }

  /** Adds a point to each curve. */
  public void append(long step, Map<String, Double> points) {
    append(
        step,
        points.entrySet().stream()
            .map(point -> SummaryValue.point(point.getKey(), point.getValue()))
            .toList());
  }

  /** Adds one record of all the values. */
  public void append(long step, List<SummaryValue> values) {
    AtomicFile.append(file, record(step, values));
  }

  /** Adds one record of each value. */
  public void appendEach(long step, List<SummaryValue> values) {
    List<ByteBuffer> records = values.stream().map(value -> record(step, List.of(value))).toList();
    ByteBuffer all = ByteBuffer.allocate(records.stream().mapToInt(ByteBuffer::remaining).sum());
    records.forEach(all::put);
    AtomicFile.append(file, all.flip());
  }

  private static ByteBuffer record(long step, List<SummaryValue> values) {
    ProtobufWriter summary = new ProtobufWriter();
    values.forEach(value -> summary.message(VALUE, value.message()));
    return record(event(step).message(SUMMARY, summary).toBytes());
  }

  private static ProtobufWriter event(long step) {
    ProtobufWriter event = new ProtobufWriter().number(WALL_TIME, System.currentTimeMillis() / 1e3);
    return step == 0 ? event : event.whole(STEP, step); // protocol buffers leave zeros out
  }

  private static ByteBuffer record(byte[] data) {
    byte[] length = little(Long.BYTES).putLong(data.length).array();
    return little(FRAME + data.length + Integer.BYTES)
        .put(length)
        .putInt(checksum(length))
        .put(data)
        .putInt(checksum(data))
        .flip();
  }

  /** The end of the last whole record up to a step; all that follows is to be written again. */
  private long endOfKept(long lastStep) {
    if (!Files.exists(file)) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return endOfKept(channel, lastStep);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  private static long endOfKept(FileChannel channel, long lastStep) throws IOException {
    long end = 0;
    while (true) {
      ByteBuffer frame = little(FRAME);
      if (channel.read(frame, end) < FRAME) {
        return end;
      }
      long length = frame.getLong(0);
      if (length < 0
          || length > channel.size() - end
          || frame.getInt(Long.BYTES) != checksum(Arrays.copyOf(frame.array(), Long.BYTES))) {
        return end;
      }
      ByteBuffer rest = little((int) length + Integer.BYTES);
      if (channel.read(rest, end + FRAME) < rest.capacity()) {
        return end;
      }
      byte[] data = new byte[(int) length];
      rest.get(0, data);
      if (rest.getInt((int) length) != checksum(data) || step(data) > lastStep) {
        return end;
      }
      end += FRAME + rest.capacity();
    }
  }

  /** The step of an event that {@link #event} wrote. */
  private static long step(byte[] event) {
    int field = 1 + Double.BYTES;
    if (event.length <= field || event[field] != STEP_KEY) {
      return 0;
    }
    long step = 0;
    int shift = 0;
    for (int at = field + 1; at < event.length; at++) {
      step |= (long) (event[at] & 0x7f) << shift;
      shift += 7;
      if (event[at] >= 0) {
        break;
      }
    }
    return step;
  }

  /** CRC-32C, rotated and shifted as the record format wants it. */
  private static int checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
