package dev.selvage.data.image;

import dev.selvage.util.ProcessMemory;
import dev.selvage.util.ProcessMemory.Room;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps decoders within the memory of this process: a photo that would take more than half of what
 * is free is refused, and large photos wait for each other where they do not fit side by side. All
 * threads share it. A decoded photo that somebody holds shows as less free memory.
 */
final class DecodingMemory {
  /** Photos that take less are not counted; reading the limits takes longer than decoding some. */
  private static final long SMALL = 64L << 20;

  /** The part of the free memory that decoders may take together. */
  private static final int SHARE = 4;

  private static final double MB = 1e6;

  private static long taken;

  private DecodingMemory() {}

  /** Decodes one photo. */
  interface Decoder<T> {
    T decode() throws UnusablePhoto;
  }

  /**
   * Runs a decoder once there is room for it.
   *
   * @param bytes that it takes at most
   */
  static <T> T within(long bytes, Decoder<T> decoder) throws UnusablePhoto {
    if (bytes <= SMALL) {
      return decoder.decode();
    }
    take(bytes);
    try {
      return decoder.decode();
    } finally {
      giveBack(bytes);
    }
  }

  private static void take(long bytes) throws UnusablePhoto {
    synchronized (DecodingMemory.class) {
      boolean interrupted = false;
      while (!fits(bytes)) {
        try {
          DecodingMemory.class.wait();
        } catch (InterruptedException e) {
          interrupted = true; // the photo is decoded all the same; the caller sees the flag
        }
      }
      taken += bytes;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether a photo can be decoded now; false where it has to wait for others. */
  private static boolean fits(long bytes) throws UnusablePhoto {
    Optional<Room> room = ProcessMemory.room();
    if (room.isEmpty()) {
      return true;
    }
    if (taken == 0) {
      require(bytes, room.get());
      return true;
    }
    return taken + bytes <= room.get().bytes() / SHARE;
  }

  /** Refuses a photo that would take more than half of the memory. */
  static void require(long bytes, Room room) throws UnusablePhoto {
    if (bytes > room.bytes() / 2) {
      throw new UnusablePhoto(
          String.format(
              Locale.ROOT,
              "cannot be decoded: it needs about %.0f MB, more than half of the %.0f MB of %s",
              bytes / MB,
              room.bytes() / MB,
              room.limit()),
          UnusablePhoto.Kind.TOO_LARGE);
    }
  }

  private static void giveBack(long bytes) {
    synchronized (DecodingMemory.class) {
      taken -= bytes;
      DecodingMemory.class.notifyAll();
    }
  }
}
