package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Makes file operations of the program fail until it is closed. Of writes to one file that follow
 * each other only the first one counts, since they fail in the same way. Nothing is brought to the
 * disk, which takes time and can be seen after a power failure only.
 */
public final class DiskFaults implements AutoCloseable {
  /** How they fail. */
  public enum Kind {
    /** One fails; a write that fails has taken half of its bytes, as on a full disk. */
    ONCE,
    /** One fails and all after it. */
    FROM_THEN_ON,
    /** None fails, but each write takes half of its bytes only. */
    SHORT_WRITES
  }

  private final Disk before = Disk.current;
  private final int first;
  private final Kind kind;
  private int calls;
  private FileChannel written;
  private String operation;

  private DiskFaults(int first, Kind kind) {
    this.first = first;
    this.kind = kind;
    Disk.current = new FaultyDisk();
  }

  /**
   * Lets an operation fail.
   *
   * @param n which one, counted from 1
   */
  public static DiskFaults at(int n, Kind kind) {
    return new DiskFaults(n, kind);
  }

  /** Lets none fail, and saves the time of bringing the bytes to the disk. */
  public static DiskFaults none() {
    return at(Integer.MAX_VALUE, Kind.ONCE);
  }

  /** Whether an operation was reached that fails. */
  public synchronized boolean happened() {
    return operation != null;
  }

  /** The first one that failed. */
  public synchronized String operation() {
    return operation;
  }

  @Override
  public void close() {
    Disk.current = before;
  }

  private synchronized boolean isFaulty(String name) {
    calls++;
    boolean faulty = kind == Kind.ONCE ? calls == first : calls >= first;
    if (faulty && operation == null) {
      operation = name;
    }
    return faulty;
  }

  private synchronized boolean isFaulty(FileChannel file) {
    boolean counts = kind != Kind.ONCE || file != written;
    written = file;
    return counts && isFaulty("write");
  }

  private final class FaultyDisk extends Disk {
    private void pass(String name) throws IOException {
      if (isFaulty(name) && kind != Kind.SHORT_WRITES) {
        throw new IOException("a fault of " + name);
      }
    }

    @Override
    FileChannel create(Path file) throws IOException {
      pass("create");
      return super.create(file);
    }

    @Override
    FileChannel open(Path file) throws IOException {
      pass("open");
      return super.open(file);
    }

    @Override
    int write(FileChannel file, ByteBuffer bytes) throws IOException {
      if (!isFaulty(file)) {
        return super.write(file, bytes);
      }
      int limit = bytes.limit();
      bytes.limit(bytes.position() + (bytes.remaining() + 1) / 2);
      int written = super.write(file, bytes);
      bytes.limit(limit);
      if (kind == Kind.SHORT_WRITES) {
        return written;
      }
      throw new IOException("a fault of write");
    }

    @Override
    void truncate(FileChannel file, long size) throws IOException {
      pass("truncate");
      super.truncate(file, size);
    }

    @Override
    void force(FileChannel file) throws IOException {
      pass("force");
    }

    @Override
    void close(FileChannel file) throws IOException {
      super.close(file);
      pass("close");
    }

    @Override
    void rename(Path file, Path target) throws IOException {
      pass("rename");
      super.rename(file, target);
    }

    @Override
    void link(Path link, Path existing) throws IOException {
      pass("link");
      super.link(link, existing);
    }

    @Override
    void delete(Path file) throws IOException {
      pass("delete");
      super.delete(file);
    }

    @Override
    void forceFolder(Path folder) throws IOException {
      pass("forceFolder");
    }
  }
}
