package dev.selvage.data.image;

import java.io.IOException;
import java.util.Optional;

/** A JPEG's size, in the segment that starts its frame, and its mark, in a segment APP1 before. */
final class JpegHeader {
  private JpegHeader() {}

  static Optional<PhotoHeader> read(FileBytes in) throws IOException {
    ExifMark mark = ExifMark.NONE;
    long at = 2;
    while (true) {
      while (in.u8(at) != 0xFF || in.u8(at + 1) == 0xFF) {
        at++; // bytes between segments, which decoders pass over, and fill bytes
      }
      int marker = in.u8(at + 1);
      // C0 to CF start a frame, except C4 (Huffman tables), C8 (reserved) and CC (arithmetic
      // tables)
      if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
        boolean progressive = marker % 4 == 2;
        return Optional.of(
            PhotoHeader.of(
                PhotoHeader.Format.JPEG, in.u16(at + 5), in.u16(at + 7), mark, progressive));
      } else if (marker == 0xDA || marker == 0xD9) {
        return Optional.empty(); // pixels, or the end, without a frame
      } else if (marker == 0xE1 && mark == ExifMark.NONE && in.has(at + 4, "Exif\0\0")) {
        mark = TiffHeader.mark(in, at + 10);
      }
      boolean alone = marker <= 1 || marker >= 0xD0 && marker <= 0xD8;
      at += alone ? 2 : 2 + Math.max(2, in.u16(at + 2));
    }
  }
}
