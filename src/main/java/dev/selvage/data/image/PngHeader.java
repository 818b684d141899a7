package dev.selvage.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** A PNG's size, in its first chunk, the bits that count (sBIT) and its mark (eXIf). */
final class PngHeader {
  private PngHeader() {}

  static PhotoHeader read(FileBytes in) throws IOException {
    long width = in.u32(16);
    long height = in.u32(20);
    int depth = in.u8(24);
    int significant = 0;
    ExifMark mark = ExifMark.NONE;
    try {
      for (long at = 8; !in.has(at + 4, "IEND"); at += 12 + in.u32(at)) {
        if (in.has(at + 4, "eXIf")) {
          mark = TiffHeader.mark(in, at + 8);
        } else if (in.has(at + 4, "sBIT")) {
          significant = most(in, at + 8, in.u32(at));
        }
      }
    } catch (EOFException e) {
      // a truncated file has a size all the same
    }
    return PhotoHeader.of(PhotoHeader.Format.PNG, height, width, mark, depth, significant, true);
  }

  /** Writes the check sum of the chunk around a place of a file. */
  static void sum(ByteBuffer file, int place) {
    long at = 8;
    while (at + 12 + (file.getInt((int) at) & 0xFFFFFFFFL) <= place) {
      at += 12 + (file.getInt((int) at) & 0xFFFFFFFFL);
    }
    int length = file.getInt((int) at);
    CRC32 sum = new CRC32();
    sum.update(file.slice((int) at + 4, 4 + length));
    file.putInt((int) at + 8 + length, (int) sum.getValue());
  }

  /** The bits of the channel that has the most. */
  private static int most(FileBytes in, long at, long channels) throws IOException {
    int most = 0;
    for (int i = 0; i < Math.min(channels, 4); i++) {
      most = Math.max(most, in.u8(at + i));
    }
    return most;
  }
}
