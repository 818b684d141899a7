package dev.selvage.util;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that appears under its name when it is complete and on the disk. Until then its bytes are
 * in NAME.part next to it. Closing one that is not finished leaves nothing new.
 */
public final class PendingFile implements AutoCloseable {
  /** Bytes of a file's name that all file systems of Linux allow. */
  private static final int LONGEST_NAME = 255;

  private final Disk disk = Disk.current;
  private final Path target;
  private final Path part;
  private final OutputFile out;
  private boolean renamed;

  private PendingFile(Path target) throws IOException {
    this.target = target;
    part = part(target);
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new UserError(
          "%s: expected the name of a file to write, found %s"
              .formatted(target, Files.isDirectory(target) ? "a folder" : "a device"));
    }
    disk.delete(part); // of an earlier process that was killed, or a link that leads elsewhere
    out = new OutputFile(disk.create(part));
  }

  /**
   * Begins a file.
   *
   * @throws UserError the target is there and is no file
   * @throws IOException it cannot be created
   */
  public static PendingFile create(Path target) throws IOException {
    return new PendingFile(target);
  }

  /** The name of a file until it is complete. */
  static Path part(Path target) {
    String name = target.getFileName().toString();
    String part = name + AtomicFile.PARTIAL;
    boolean fits = part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    return target.resolveSibling(
        fits ? part : Integer.toHexString(name.hashCode()) + AtomicFile.PARTIAL);
  }

  /** Takes the bytes of the file. */
  public OutputFile out() {
    return out;
  }

  /** Brings the bytes to the disk and gives the file its name. */
  public void finish() throws IOException {
    out.force();
    out.close();
    disk.rename(part, target);
    renamed = true;
    disk.forceFolder(AtomicFile.folder(target));
  }

  @Override
  public void close() {
    if (!renamed) {
      try {
        out.close();
      } catch (IOException e) {
        // what is in it is not wanted
      }
      AtomicFile.deleteQuietly(part);
    }
  }
}
