package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Changes files completely or not at all. Every file that the program makes is written by this
 * class or {@link PendingFile}: all bytes, brought to the disk, then renamed.
 */
public final class AtomicFile {
  /** The suffix of files that are not finished. */
  public static final String PARTIAL = ".part";

  /** Writes the bytes of a file. */
  @FunctionalInterface
  public interface Body {
    void write(OutputFile out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file or leaves the old one as it was.
   *
   * @throws UserError if it cannot be written, a full disk included
   */
  public static void write(Path target, Body body) {
    try (PendingFile file = PendingFile.create(target)) {
      body.write(file.out());
      file.finish();
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  /** Writes bytes to a file, or leaves the old one as it was. */
  public static void write(Path target, ByteBuffer bytes) {
    write(target, out -> out.write(bytes));
  }

  /** Writes text to a file in UTF-8, or leaves the old one as it was. */
  public static void write(Path target, String text) {
    write(target, StandardCharsets.UTF_8.encode(text));
  }

  /**
   * Adds bytes to the end of a file that exists, or leaves it as it was.
   *
   * @throws UserError if they cannot be written
   */
  public static void append(Path file, ByteBuffer bytes) {
    try (OutputFile out = new OutputFile(Disk.current.open(file))) {
      long before = out.size();
      try {
        out.position(before);
        out.write(bytes);
        out.force();
      } catch (IOException e) {
        takeBack(out, before, e);
        throw e;
      }
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void takeBack(OutputFile out, long size, IOException cause) {
    try {
      out.truncate(size);
    } catch (IOException e) {
      cause.addSuppressed(e); // who reads the file next has to drop what is half written
    }
  }

  /**
   * Drops what follows the first bytes of a file.
   *
   * @throws UserError if it cannot be done
   */
  public static void truncate(Path file, long size) {
    try (OutputFile out = new OutputFile(Disk.current.open(file))) {
      out.truncate(size);
      out.force();
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /**
   * Hard-links a file to a second name, or copies it where the file system has no links.
   *
   * @throws UserError if it cannot be done
   */
  public static void link(Path target, Path existing) {
    Path part = PendingFile.part(target);
    try {
      Disk.current.delete(part);
      try {
        Disk.current.link(part, existing);
      } catch (UnsupportedOperationException | FileSystemException e) {
        write(target, out -> copy(existing, out));
        return;
      }
      move(part, target);
      Disk.current.delete(part); // renaming does nothing where both are the same file already
    } catch (IOException e) {
      deleteQuietly(part);
      throw cannotWrite(target, e);
    }
  }

  private static void copy(Path file, OutputFile out) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      while (in.read(block.clear()) >= 0) {
        out.write(block.flip());
      }
    }
  }

  /** Renames a file to the name of another, which it replaces if it is there. */
  public static void move(Path file, Path target) throws IOException {
    Disk.current.rename(file, target);
    Disk.current.forceFolder(folder(target));
  }

  /**
   * Deletes a file if it is there.
   *
   * @throws UserError if it cannot be done
   */
  public static void delete(Path file) {
    try {
      Disk.current.delete(file);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  static void deleteQuietly(Path file) {
    try {
      Disk.current.delete(file);
    } catch (IOException e) {
      // an error is reported already, and the next write replaces the file
    }
  }

  static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** The sentence for a file or folder that cannot be written. */
  public static UserError cannotWrite(Path target, IOException cause) {
    String reason = cause.getMessage();
    if (cause instanceof FileSystemException e) {
      // such an exception's message is the path alone where the class says the reason
      reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
    return new UserError("%s: cannot be written (%s)".formatted(target, reason), cause);
  }
}
