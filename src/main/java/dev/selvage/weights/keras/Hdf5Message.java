package dev.selvage.weights.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One message of an HDF5 object header: its type and its bytes (HDF5 File Format Specification 3.0,
 * section IV.A.2).
 */
record Hdf5Message(int type, byte[] data) {
  static final long UNDEFINED = -1L;

  /** A link to another object of the file. */
  static Hdf5Message link(String name, long address) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer b = buffer(12 + text.length);
    // Version 1, a hard link whose name's length takes two bytes.
    b.put((byte) 1).put((byte) 1).putShort((short) text.length).put(text).putLong(address);
    return new Hdf5Message(0x06, b.array());
  }

  /** A group keeps its links in its header, without an index. */
  static Hdf5Message linkInfo() {
    ByteBuffer b = buffer(18);
    b.putShort((short) 0).putLong(UNDEFINED).putLong(UNDEFINED);
    return new Hdf5Message(0x02, b.array());
  }

  static Hdf5Message groupInfo() {
    return new Hdf5Message(0x0A, new byte[2]);
  }

  static Hdf5Message dataspace(long... shape) {
    return new Hdf5Message(0x01, dataspaceBytes(shape));
  }

  static Hdf5Message float32() {
    ByteBuffer b = buffer(20);
    // Class 1, little-endian, normalised mantissa, sign in bit 31.
    b.put(new byte[] {0x11, 0x20, 31, 0}).putInt(4);
    b.putShort((short) 0).putShort((short) 32);
    b.put(new byte[] {23, 8, 0, 23}).putInt(127);
    return new Hdf5Message(0x03, b.array());
  }

  /** Space is taken when the data are written; what is not written reads as zero. */
  static Hdf5Message zeroFill() {
    return new Hdf5Message(0x05, new byte[] {3, 0x0A});
  }

  static Hdf5Message contiguous(long address, long bytes) {
    ByteBuffer b = buffer(18);
    b.put((byte) 3).put((byte) 1).putLong(address).putLong(bytes);
    return new Hdf5Message(0x08, b.array());
  }

  /** An attribute of one string, of the length that it has. */
  static Hdf5Message attribute(String name, String value) {
    return attribute(name, List.of(value), new long[0]);
  }

  /** An attribute that numpy reads as an array of bytes, all of the longest one's length. */
  static Hdf5Message attribute(String name, List<String> values) {
    return attribute(name, values, new long[] {values.size()});
  }

  private static Hdf5Message attribute(String name, List<String> values, long[] shape) {
    List<byte[]> texts = values.stream().map(v -> v.getBytes(StandardCharsets.UTF_8)).toList();
    int width = Math.max(1, texts.stream().mapToInt(t -> t.length).max().orElse(0));
    byte[] title = (name + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] space = dataspaceBytes(shape);
    ByteBuffer b = buffer(9 + title.length + 8 + space.length + width * values.size());
    b.put((byte) 3).put((byte) 0);
    b.putShort((short) title.length).putShort((short) 8).putShort((short) space.length);
    b.put((byte) 0).put(title);
    // Class 3, a string padded with zeros.
    b.put(new byte[] {0x13, 1, 0, 0}).putInt(width);
    b.put(space);
    for (byte[] text : texts) {
      b.put(text).position(b.position() + width - text.length);
    }
    return new Hdf5Message(0x0C, b.array());
  }

  private static byte[] dataspaceBytes(long[] shape) {
    ByteBuffer b = buffer(4 + 8 * shape.length);
    b.put((byte) 2).put((byte) shape.length).put((byte) 0).put((byte) (shape.length == 0 ? 0 : 1));
    for (long dim : shape) {
      b.putLong(dim);
    }
    return b.array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
