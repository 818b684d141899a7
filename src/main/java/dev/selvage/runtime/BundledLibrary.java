package dev.selvage.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;

/**
 * A native library inside a jar. Size and CRC-32 come from the jar's directory, so that nothing is
 * decompressed to know whether an unpacked copy is whole.
 *
 * @param name the file name
 * @param url the library's address in its jar
 * @param size bytes of the library
 * @param crc the CRC-32 of its bytes
 * @param time the entry's time; JavaCPP takes a file with another time for outdated
 */
record BundledLibrary(String name, URL url, long size, long crc, FileTime time) {
  private static final int BUFFER = 1 << 20;

  /**
   * The library of that address.
   *
   * @return empty for a file of its own, such as the build's output, which is loaded in place
   */
  static Optional<BundledLibrary> of(URL url) {
    if (!url.getProtocol().equals("jar")) {
      return Optional.empty();
    }
    try {
      JarEntry entry = ((JarURLConnection) url.openConnection()).getJarEntry();
      String path = entry.getName();
      return Optional.of(
          new BundledLibrary(
              path.substring(path.lastIndexOf('/') + 1),
              url,
              entry.getSize(),
              entry.getCrc(),
              FileTime.fromMillis(entry.getTime())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the folder holds a copy of the right length; says nothing about its content. */
  boolean isIn(Path folder) throws IOException {
    Path file = folder.resolve(name);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == size;
  }

  /** Whether the folder holds a copy of the same bytes. */
  boolean isWholeIn(Path folder) throws IOException {
    if (!isIn(folder)) {
      return false;
    }
    CRC32 found = new CRC32();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel in = FileChannel.open(folder.resolve(name))) {
      while (in.read(buffer.clear()) >= 0) {
        found.update(buffer.flip());
      }
    }
    return found.getValue() == crc;
  }

  /**
   * Writes a copy into the folder, in place of one that is there. It is not flushed to the disk: a
   * copy that a power failure damages is noticed when it is used next.
   */
  void unpackInto(Path folder) throws IOException {
    Path partial = Files.createTempFile(folder, name, LibraryFolder.PARTIAL);
    try {
      try (InputStream in = url.openStream()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setLastModifiedTime(partial, time);
      Files.move(
          partial,
          folder.resolve(name),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
