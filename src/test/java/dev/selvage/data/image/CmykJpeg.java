package dev.selvage.data.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A JPEG of four channels: one flat colour for each block of 8 x 8 pixels. OpenCV writes none.
 *
 * <p>ITU T.81, and the segment that Adobe adds, which says how the channels are stored.
 */
public final class CmykJpeg {
  /** What Adobe's segment says about the channels. */
  public enum Stored {
    /** As they are: cyan, magenta, yellow, black. */
    CMYK,
    /** The first three as luminance and two colour differences. */
    YCCK,
    /** As they are, without Adobe's segment. */
    UNSAID
  }

  private static final int HUFFMAN = 0xC4;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int bits;
  private int count;

  private CmykJpeg() {}

  /**
   * A file.
   *
   * @param light [rows][columns][4] what each ink lets through, 255 without ink: Adobe's programs
   *     store this, not the ink
   */
  public static byte[] bytes(int[][][] light, Stored stored) {
    CmykJpeg file = new CmykJpeg();
    file.put(0xFF, 0xD8);
    if (stored != Stored.UNSAID) {
      int transform = stored == Stored.YCCK ? 2 : 0;
      file.segment(0xEE, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
    }
    int[] quantization = new int[65];
    Arrays.fill(quantization, 1, 65, 8); // a block's first value is its mean then
    file.segment(0xDB, quantization);
    int height = 8 * light.length;
    int width = 8 * light[0].length;
    file.segment(
        0xC0,
        8,
        height >> 8,
        height & 255,
        width >> 8,
        width & 255,
        4,
        1,
        0x11,
        0,
        2,
        0x11,
        0,
        3,
        0x11,
        0,
        4,
        0x11,
        0);
    // ten lengths of differences as codes of 4 bits; "no other values" as a code of 1 bit
    file.segment(
        HUFFMAN, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    file.segment(HUFFMAN, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    file.segment(0xDA, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0);
    int[] last = {128, 128, 128, 128};
    for (int[][] row : light) {
      for (int[] colour : row) {
        int[] values = stored == Stored.YCCK ? ycck(colour) : colour;
        for (int c = 0; c < 4; c++) {
          file.block(values[c] - last[c]);
          last[c] = values[c];
        }
      }
    }
    file.code(0x7F, 7); // fills the last byte
    file.put(0xFF, 0xD9);
    return file.out.toByteArray();
  }

  /** The inks' luminance and colour differences, since the colour conversion inverts. */
  private static int[] ycck(int[] light) {
    int r = 255 - light[0];
    int g = 255 - light[1];
    int b = 255 - light[2];
    double y = 0.299 * r + 0.587 * g + 0.114 * b;
    return new int[] {
      (int) Math.round(y),
      (int) Math.round((b - y) / 1.772 + 128),
      (int) Math.round((r - y) / 1.402 + 128),
      light[3]
    };
  }

  private void block(int difference) {
    int length = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
    code(length, 4);
    code(difference < 0 ? difference + (1 << length) - 1 : difference, length);
    code(0, 1);
  }

  private void code(int value, int length) {
    for (int i = length - 1; i >= 0; i--) {
      bits = bits << 1 | value >> i & 1;
      if (++count == 8) {
        put(bits);
        if (bits == 0xFF) {
          put(0);
        }
        bits = 0;
        count = 0;
      }
    }
  }

  private void segment(int marker, int... data) {
    put(0xFF, marker, data.length + 2 >> 8, data.length + 2 & 255);
    put(data);
  }

  private void put(int... values) {
    for (int value : values) {
      out.write(value);
    }
  }
}
