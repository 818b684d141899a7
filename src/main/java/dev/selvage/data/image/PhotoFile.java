package dev.selvage.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The bytes of a photo's file, which may lie in memory instead of on the disk. A file channel would
 * do, but for a thread that is interrupted, which may be a caller's own: it closes what such a
 * thread reads.
 */
final class PhotoFile implements Closeable {
  private static final int BLOCK = 1 << 16;

  /** Null for bytes in memory. */
  private final RandomAccessFile file;

  /** Null for a file on the disk. */
  private final byte[] bytes;

  PhotoFile(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
    bytes = null;
  }

  PhotoFile(byte[] bytes) {
    file = null;
    this.bytes = bytes;
  }

  long size() throws IOException {
    return file == null ? bytes.length : file.length();
  }

  /** Fills a buffer from a place on, as far as the file goes. */
  void read(ByteBuffer buffer, long at) throws IOException {
    if (file == null) {
      buffer.put(bytes, (int) at, (int) Math.min(buffer.remaining(), bytes.length - at));
      return;
    }
    byte[] block = new byte[Math.min(BLOCK, buffer.remaining())];
    file.seek(at);
    int count = 0;
    while (count >= 0 && buffer.hasRemaining()) {
      count = file.read(block, 0, Math.min(block.length, buffer.remaining()));
      buffer.put(block, 0, Math.max(0, count));
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
