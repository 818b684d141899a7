package dev.selvage.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The first directory of a TIFF file, which also is the form of EXIF inside other files. */
final class TiffHeader {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int ORIENTATION = 274;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private TiffHeader() {}

  static Optional<PhotoHeader> read(FileBytes in) throws IOException {
    Map<Integer, Long> places = places(in, 0);
    if (!places.containsKey(WIDTH) || !places.containsKey(HEIGHT)) {
      return Optional.empty();
    }
    long width = number(in, places.get(WIDTH));
    long height = number(in, places.get(HEIGHT));
    int bits = places.containsKey(BITS) ? bits(in, places.get(BITS)) : 1;
    return Optional.of(
        PhotoHeader.of(PhotoHeader.Format.TIFF, height, width, mark(in, 0), bits, 0, true));
  }

  /** The mark of a directory that begins in a file; none where it is damaged. */
  static ExifMark mark(FileBytes in, long base) throws IOException {
    try {
      Map<Integer, Long> places = places(in, base);
      Long entry = places.get(ORIENTATION);
      if (entry != null && in.u16(entry + 2) == SHORT) {
        int value = in.u16(entry + 8);
        if (value >= 1 && value <= 8) {
          return new ExifMark(new ExifOrientation(value), entry + 8);
        }
      }
    } catch (EOFException e) {
      // damaged, so that other programs do not see a mark either
    } finally {
      if (base > 0) {
        in.order(ByteOrder.BIG_ENDIAN);
      }
    }
    return ExifMark.NONE;
  }

  /** The places of the entries, 12 bytes each, by their tags. */
  private static Map<Integer, Long> places(FileBytes in, long base) throws IOException {
    Map<Integer, Long> places = new HashMap<>();
    if (!in.has(base, "II") && !in.has(base, "MM")) {
      return places;
    }
    in.order(in.has(base, "II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = base + in.u32(base + 4);
    int entries = in.u16(directory);
    for (int i = 0; i < entries; i++) {
      long at = directory + 2 + 12L * i;
      places.putIfAbsent(in.u16(at), at);
    }
    return places;
  }

  private static long number(FileBytes in, long entry) throws IOException {
    return switch (in.u16(entry + 2)) {
      case SHORT -> in.u16(entry + 8);
      case LONG -> in.u32(entry + 8);
      default -> 0;
    };
  }

  /** The bits of the first channel; two values lie in the entry, more elsewhere. */
  private static int bits(FileBytes in, long entry) throws IOException {
    return in.u32(entry + 4) <= 2 ? in.u16(entry + 8) : in.u16(in.u32(entry + 8));
  }
}
