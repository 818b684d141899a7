package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A file that is being written. Its bytes reach the system in blocks, all of them or with an error.
 */
public final class OutputFile implements WritableByteChannel {
  private static final int BLOCK = 1 << 16;

  private final Disk disk = Disk.current;
  private final FileChannel file;

  /** Bytes that the system does not have yet. */
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);

  OutputFile(FileChannel file) {
    this.file = file;
  }

  /** Takes all bytes. */
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    if (count > block.remaining()) {
      flush();
    }
    if (count > block.remaining()) {
      writeAll(bytes);
    } else {
      block.put(bytes);
    }
    return count;
  }

  /** Where the next byte goes, counted from 0. */
  public long position() throws IOException {
    return file.position() + block.position();
  }

  /** Sets where the next byte goes. Bytes that are passed over are zero. */
  public void position(long position) throws IOException {
    flush();
    file.position(position);
  }

  private void flush() throws IOException {
    writeAll(block.flip());
    block.clear();
  }

  /** The system may take the bytes in several parts. */
  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (disk.write(file, bytes) <= 0) {
        throw new IOException("no more bytes can be written");
      }
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  long size() throws IOException {
    return file.size();
  }

  void truncate(long size) throws IOException {
    block.clear();
    disk.truncate(file, size);
  }

  /** Brings all bytes to the disk. */
  void force() throws IOException {
    flush();
    disk.force(file);
  }

  /** Closes the file; what {@link #force} has not brought to the disk is lost. */
  @Override
  public void close() throws IOException {
    if (file.isOpen()) {
      disk.close(file);
    }
  }
}
