package dev.selvage.weights.torch;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle; reads beyond the end throw BufferUnderflowException. */
final class PickleInput {
  private final ByteBuffer bytes;

  PickleInput(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int unsignedByte() {
    return bytes.get() & 0xFF;
  }

  int unsignedShort() {
    return bytes.getShort() & 0xFFFF;
  }

  int signedInt() {
    return bytes.getInt();
  }

  long unsignedInt() {
    return bytes.getInt() & 0xFFFFFFFFL;
  }

  long length() {
    return bytes.getLong();
  }

  /** The one number that pickles write with the highest byte first. */
  double bigEndianDouble() {
    return Double.longBitsToDouble(Long.reverseBytes(bytes.getLong()));
  }

  /** Some bytes, without a copy. */
  ByteBuffer bytes(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = bytes.slice(bytes.position(), (int) count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) count);
    return part;
  }

  String text(long count) {
    return text(bytes(count));
  }

  /** A text that a newline ends. */
  String line() {
    int start = bytes.position();
    while (bytes.get() != '\n') {
      continue;
    }
    return text(bytes.slice(start, bytes.position() - 1 - start));
  }

  private static String text(ByteBuffer part) {
    byte[] copy = new byte[part.remaining()];
    part.get(copy);
    return new String(copy, StandardCharsets.UTF_8);
  }
}
