package dev.selvage.weights.keras;

import dev.selvage.util.OutputFile;
import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes an HDF5 file (superblock version 2, readable by HDF5 1.8 and later) front to back: data
 * first, then the objects that point to them, the root last. jHDF can write too, but holds every
 * array on the heap until the file is closed; this needs one megabyte.
 */
final class Hdf5Writer {
  private static final int SUPERBLOCK_BYTES = 48;
  private static final int CHUNK_FLOATS = 1 << 18;

  private final OutputFile channel;
  private final ByteBuffer chunk =
      ByteBuffer.allocateDirect(4 * CHUNK_FLOATS).order(ByteOrder.LITTLE_ENDIAN);

  /** A writer into an empty file. */
  Hdf5Writer(OutputFile channel) throws IOException {
    this.channel = channel;
    channel.position(SUPERBLOCK_BYTES);
  }

  /** Writes a float32 array and returns its address, for a link. */
  long dataset(float[] values, long... shape) throws IOException {
    long data = align();
    for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - at);
      chunk.clear().limit(4 * count);
      chunk.asFloatBuffer().put(values, at, count);
      channel.write(chunk);
    }
    return object(
        List.of(
            Hdf5Message.dataspace(shape),
            Hdf5Message.float32(),
            Hdf5Message.zeroFill(),
            Hdf5Message.contiguous(data, 4L * values.length)));
  }

  /** Writes an object of these messages and returns its address, for a link. */
  long object(List<Hdf5Message> messages) throws IOException {
    int body = messages.stream().mapToInt(m -> 4 + m.data().length).sum();
    ByteBuffer b = ByteBuffer.allocate(10 + body + 4).order(ByteOrder.LITTLE_ENDIAN);
    // Version 2, whose messages' total length takes four bytes.
    b.put(new byte[] {'O', 'H', 'D', 'R', 2, 2}).putInt(body);
    for (Hdf5Message message : messages) {
      b.put((byte) message.type()).putShort((short) message.data().length).put((byte) 0);
      b.put(message.data());
    }
    b.putInt(JenkinsLookup3HashLittle.hash(b.duplicate().flip()));
    long address = align();
    channel.write(b.flip());
    return address;
  }

  /** Writes the superblock, without which the file is not HDF5. */
  void finish(long root) throws IOException {
    long end = channel.position();
    ByteBuffer b = ByteBuffer.allocate(SUPERBLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    b.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n', 2, 8, 8, 0});
    b.putLong(0).putLong(Hdf5Message.UNDEFINED).putLong(end).putLong(root);
    b.putInt(JenkinsLookup3HashLittle.hash(b.duplicate().flip()));
    channel.position(0);
    channel.write(b.flip());
  }

  private long align() throws IOException {
    long position = channel.position();
    int gap = (int) (-position & 7);
    channel.write(ByteBuffer.allocate(gap));
    return position + gap;
  }
}
