package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The operations of the system by which files are written. Tests put failing ones in their place.
 */
class Disk {
  static volatile Disk current = new Disk();

  /** Opens a file that must not exist yet, not even as a symbolic link. */
  FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opens a file that exists. */
  FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /** Writes at the file's position and returns how many bytes were written, perhaps not all. */
  int write(FileChannel file, ByteBuffer bytes) throws IOException {
    return file.write(bytes);
  }

  void truncate(FileChannel file, long size) throws IOException {
    file.truncate(size);
  }

  void force(FileChannel file) throws IOException {
    file.force(true);
  }

  void close(FileChannel file) throws IOException {
    file.close();
  }

  /** Replaces the target if it is there. */
  void rename(Path file, Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void link(Path link, Path existing) throws IOException {
    Files.createLink(link, existing);
  }

  void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes names that were given or taken away in a folder outlive a power failure. */
  void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // a folder that may be written but not listed cannot be opened
    }
  }
}
