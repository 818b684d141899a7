package dev.selvage.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Optional;

/** A WebP's size, in its first chunk: VP8 (lossy), VP8L (lossless) or VP8X (extended). */
final class WebpHeader {
  private static final int FIRST = 12;

  private WebpHeader() {}

  static Optional<PhotoHeader> read(FileBytes in) throws IOException {
    in.order(ByteOrder.LITTLE_ENDIAN);
    if (in.has(FIRST, "VP8 ") && in.has(FIRST + 11, "\u009D\u0001*")) {
      return size(in.u16(FIRST + 16) & 0x3FFF, in.u16(FIRST + 14) & 0x3FFF, ExifMark.NONE);
    } else if (in.has(FIRST, "VP8L") && in.u8(FIRST + 8) == 0x2F) {
      long bits = in.u32(FIRST + 9);
      return size((bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1, ExifMark.NONE);
    } else if (in.has(FIRST, "VP8X")) {
      long width = (in.u32(FIRST + 12) & 0xFFFFFF) + 1;
      long height = (in.u32(FIRST + 14) >> 8) + 1;
      return size(height, width, mark(in));
    }
    return Optional.empty();
  }

  private static Optional<PhotoHeader> size(long height, long width, ExifMark mark)
      throws IOException {
    return Optional.of(PhotoHeader.of(PhotoHeader.Format.WEBP, height, width, mark, true));
  }

  private static ExifMark mark(FileBytes in) throws IOException {
    try {
      for (long at = FIRST; at < in.size(); ) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        long length = in.u32(at + 4);
        if (in.has(at, "EXIF")) {
          // some writers put the name of JPEG's segment before it
          return TiffHeader.mark(in, in.has(at + 8, "Exif\0\0") ? at + 14 : at + 8);
        }
        at += 8 + length + length % 2;
      }
    } catch (EOFException e) {
      // a truncated file has a size all the same
    }
    return ExifMark.NONE;
  }
}
