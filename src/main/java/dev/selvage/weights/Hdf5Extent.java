package dev.selvage.weights;

import dev.selvage.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Checks by the superblock that a file is HDF5 and whole, so that the sentence can say so. */
final class Hdf5Extent {
  private static final long SIGNATURE = 0x0A1A0A0D46444889L;
  private static final int LONGEST = 64;

  private Hdf5Extent() {}

  /**
   * @throws UserError if the file is not HDF5 or shorter than its superblock says
   */
  static void check(Path file) {
    ByteBuffer b = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    long size;
    try (FileChannel channel = FileChannel.open(file)) {
      size = channel.size();
      while (b.hasRemaining() && channel.read(b) >= 0) {
        continue;
      }
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
    b.flip();
    if (b.remaining() < 8 || b.getLong(0) != SIGNATURE) {
      throw new UserError(
          "%s: expected an HDF5 file of Keras weights, found %d bytes that do not begin like HDF5"
              .formatted(file, size));
    }
    long expected = end(file, b);
    if (size < expected) {
      throw new UserError(
          "%s: expected an HDF5 file of %d bytes, found %d: it is truncated"
              .formatted(file, expected, size));
    }
  }

  private static long end(Path file, ByteBuffer b) {
    if (b.remaining() < LONGEST) {
      throw new UserError(
          "%s: expected an HDF5 file, found its first %d bytes: it is truncated"
              .formatted(file, b.remaining()));
    }
    int version = b.get(8);
    return switch (version) {
      case 0 -> b.getLong(40);
      case 1 -> b.getLong(44);
      case 2, 3 -> b.getLong(28);
      default ->
          throw new UserError(
              "%s: expected an HDF5 superblock of version 0 to 3, found version %d"
                  .formatted(file, version));
    };
  }
}
