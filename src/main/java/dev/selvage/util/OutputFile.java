package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A file that is being written. Each write takes all bytes or fails. */
public final class OutputFile implements WritableByteChannel {
  private final Disk disk = Disk.current;
  private final FileChannel file;

  OutputFile(FileChannel file) {
    this.file = file;
  }

  /** Writes all bytes at the position; the system may take them in several parts. */
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    while (bytes.hasRemaining()) {
      if (disk.write(file, bytes) <= 0) {
        throw new IOException("no more bytes can be written");
      }
    }
    return count;
  }

  /** Where the next byte goes, counted from 0. */
  public long position() throws IOException {
    return file.position();
  }

  /** Sets where the next byte goes. Bytes that are passed over are zero. */
  public void position(long position) throws IOException {
    file.position(position);
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  long size() throws IOException {
    return file.size();
  }

  void truncate(long size) throws IOException {
    disk.truncate(file, size);
  }

  void force() throws IOException {
    disk.force(file);
  }

  @Override
  public void close() throws IOException {
    if (file.isOpen()) {
      disk.close(file);
    }
  }
}
