package dev.selvage.weights.keras;

import dev.selvage.util.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Recognizes HDF5 by its first bytes, and a truncated file by its superblock. */
public final class Hdf5Superblock {
  private static final long SIGNATURE = 0x0A1A0A0D46444889L;

  /** The superblock of version 0 and its root entry; a complete file is at least this long. */
  private static final int LEAST_BYTES = 96;

  private Hdf5Superblock() {}

  /** Whether a file begins like HDF5. */
  public static boolean begins(ByteBuffer bytes) {
    return bytes.remaining() >= 8
        && bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(0) == SIGNATURE;
  }

  /**
   * @param bytes of the whole file, which begins like HDF5
   * @throws UserError if the file is shorter than its superblock says
   */
  static void check(Path file, ByteBuffer bytes) {
    ByteBuffer b = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = b.remaining();
    if (size < LEAST_BYTES) {
      throw new UserError(
          "%s: expected a complete HDF5 file, found only its first %d bytes: it is truncated"
              .formatted(file, size));
    }
    int version = b.get(8);
    long expected =
        switch (version) {
          case 0 -> b.getLong(40);
          case 1 -> b.getLong(44);
          case 2, 3 -> b.getLong(28);
          default ->
              throw new UserError(
                  "%s: expected an HDF5 superblock of version 0 to 3, found version %d"
                      .formatted(file, version));
        };
    if (size < expected) {
      throw new UserError(
          "%s: expected an HDF5 file of %d bytes, found %d: it is truncated"
              .formatted(file, expected, size));
    }
  }
}
