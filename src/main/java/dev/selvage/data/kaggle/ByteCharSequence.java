package dev.selvage.data.kaggle;

import java.nio.charset.StandardCharsets;

/** Bytes read as characters, one each, without a copy. */
record ByteCharSequence(byte[] bytes, int start, int length) implements CharSequence {
  @Override
  public char charAt(int index) {
    return (char) (bytes[start + index] & 0xFF);
  }

  @Override
  public CharSequence subSequence(int from, int to) {
    return new ByteCharSequence(bytes, start + from, to - from);
  }

  @Override
  public String toString() {
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }
}
