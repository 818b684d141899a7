package dev.selvage.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers at any place of a file, of which a window is held. Numbers are unsigned, and big-endian
 * unless {@link #order} says otherwise.
 */
final class FileBytes {
  private static final int WINDOW = 4096;

  private final PhotoFile file;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW);
  private final long size;
  private long begin;

  FileBytes(PhotoFile file) throws IOException {
    this.file = file;
    size = file.size();
    window.limit(0);
  }

  long size() {
    return size;
  }

  void order(ByteOrder order) {
    window.order(order);
  }

  int u8(long at) throws IOException {
    return window.get(place(at, 1)) & 0xFF;
  }

  int u16(long at) throws IOException {
    return window.getShort(place(at, 2)) & 0xFFFF;
  }

  long u32(long at) throws IOException {
    return window.getInt(place(at, 4)) & 0xFFFFFFFFL;
  }

  /** Whether ASCII characters stand at a place; false beyond the end. */
  boolean has(long at, String ascii) throws IOException {
    if (at < 0 || at > size - ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (u8(at + i) != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int place(long at, int length) throws IOException {
    if (at < 0 || at > size - length) {
      throw new EOFException();
    }
    if (at < begin || at + length > begin + window.limit()) {
      begin = at;
      window.clear();
      file.read(window, begin);
      window.flip();
      if (window.limit() < length) {
        throw new EOFException(); // the file has shrunk
      }
    }
    return (int) (at - begin);
  }
}
