package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files completely or not at all: each is written as NAME.part next to the target, flushed
 * to the disk and then renamed.
 */
public final class AtomicFile {
  /** The suffix of files that are not finished. */
  public static final String PARTIAL = ".part";

  /** Writes the bytes of a file. */
  @FunctionalInterface
  public interface Body {
    void write(FileChannel out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file or leaves the old one as it was.
   *
   * @throws UserError if it cannot be written, a full disk included
   */
  public static void write(Path target, Body body) {
    Path partial = target.resolveSibling(target.getFileName() + PARTIAL);
    try (FileChannel out =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      body.write(out);
      out.force(true);
      Files.move(
          partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      partial.toFile().delete(); // the file is incomplete, and the disk may be full
      throw cannotWrite(target, e);
    } catch (RuntimeException e) {
      partial.toFile().delete(); // the content may come from another file that cannot be read
      throw e;
    }
  }

  /** Writes bytes to a file, or leaves the old one as it was. */
  public static void write(Path target, ByteBuffer bytes) {
    write(
        target,
        out -> {
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  /**
   * Hard-links a file to a second name, or copies it where the file system has no links.
   *
   * @throws UserError if it cannot be done
   */
  public static void link(Path target, Path existing) {
    Path partial = target.resolveSibling(target.getFileName() + PARTIAL);
    try {
      Files.deleteIfExists(partial);
      try {
        Files.createLink(partial, existing);
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.copy(existing, partial);
      }
      Files.move(
          partial, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(partial); // renaming does nothing where both are the same file already
    } catch (IOException e) {
      partial.toFile().delete();
      throw cannotWrite(target, e);
    }
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
