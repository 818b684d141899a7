package dev.selvage.data.image;

import dev.selvage.config.ExifMode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a photo's file says about its pixels, read without decoding it.
 *
 * @param stored the size of the pixels as they are stored
 * @param orientation the EXIF mark, 1 to 8; 1 where there is none
 * @param orientationAt the place of the mark's value in the file, 2 bytes; -1 where there is none
 * @param depth bits of a channel
 * @param significant bits of a channel that the picture had before it was stored; 0 where the file
 *     does not say
 * @param whole whether a decoder has to hold the whole picture even to give it smaller
 */
public record PhotoHeader(
    Format format,
    PhotoSize stored,
    ExifOrientation orientation,
    long orientationAt,
    int depth,
    int significant,
    boolean whole) {
  /** The formats that are read. */
  public enum Format {
    JPEG,
    PNG,
    BMP,
    WEBP,
    TIFF,
    GIF
  }

  /** A header without a mark, of 8 bits. */
  static PhotoHeader plain(Format format, long height, long width) throws IOException {
    return of(format, height, width, ExifMark.NONE, true);
  }

  /** A header of 8 bits. */
  static PhotoHeader of(Format format, long height, long width, ExifMark mark, boolean whole)
      throws IOException {
    return of(format, height, width, mark, Byte.SIZE, 0, whole);
  }

  static PhotoHeader of(
      Format format,
      long height,
      long width,
      ExifMark mark,
      int depth,
      int significant,
      boolean whole)
      throws IOException {
    if (height < 1 || width < 1 || height > Integer.MAX_VALUE || width > Integer.MAX_VALUE) {
      throw new EOFException(); // as damaged as a header that is cut off
    }
    PhotoSize size = new PhotoSize((int) height, (int) width);
    return new PhotoHeader(format, size, mark.orientation(), mark.at(), depth, significant, whole);
  }

  /** The header of a JPEG, PNG, BMP, WebP, TIFF or GIF file; empty for other or damaged files. */
  public static Optional<PhotoHeader> read(Path file) throws IOException {
    try (PhotoFile bytes = new PhotoFile(file)) {
      return read(bytes);
    }
  }

  /** The same of bytes that may lie in memory. */
  static Optional<PhotoHeader> read(PhotoFile file) throws IOException {
    try {
      return read(new FileBytes(file));
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  /** Whether a file begins as one of the formats does. */
  static boolean hasFormat(PhotoFile file) throws IOException {
    FileBytes in = new FileBytes(file);
    return in.has(0, "\u00FF\u00D8")
        || in.has(0, "\u0089PNG")
        || in.has(0, "RIFF") && in.has(8, "WEBP")
        || in.has(0, "II*\0")
        || in.has(0, "MM\0*")
        || in.has(0, "BM")
        || in.has(0, "GIF8");
  }

  private static Optional<PhotoHeader> read(FileBytes in) throws IOException {
    if (in.has(0, "\u00FF\u00D8")) {
      return JpegHeader.read(in);
    } else if (in.has(0, "\u0089PNG\r\n\u001A\n")) {
      return Optional.of(PngHeader.read(in));
    } else if (in.has(0, "RIFF") && in.has(8, "WEBP")) {
      return WebpHeader.read(in);
    } else if (in.has(0, "II*\0") || in.has(0, "MM\0*")) {
      return TiffHeader.read(in);
    } else if (in.has(0, "BM")) {
      return Optional.of(bmp(in));
    } else if (in.has(0, "GIF87a") || in.has(0, "GIF89a")) {
      in.order(ByteOrder.LITTLE_ENDIAN);
      return Optional.of(plain(Format.GIF, in.u16(8), in.u16(6)));
    }
    return Optional.empty();
  }

  /** Sizes of 4 bytes, or of 2 in OS/2's header; a negative height counts from the top row. */
  private static PhotoHeader bmp(FileBytes in) throws IOException {
    in.order(ByteOrder.LITTLE_ENDIAN);
    if (in.u32(14) == 12) {
      return plain(Format.BMP, in.u16(20), in.u16(18));
    }
    return plain(Format.BMP, Math.abs((int) in.u32(22)), (int) in.u32(18));
  }

  /** Whether annotations of a size can be about this photo: as it is stored, or as displayed. */
  public boolean fits(PhotoSize annotated) {
    return annotated.equals(stored) || annotated.equals(orientation.of(stored));
  }

  /** Whether the size in annotations tells if they are about the photo as displayed. */
  public boolean isToldBySize() {
    return !orientation.of(stored).equals(stored);
  }

  /**
   * How to turn the photo: as its annotations' size says, else as a setting does.
   *
   * @param annotated empty for a photo without annotations
   */
  public ExifOrientation turn(Optional<PhotoSize> annotated, ExifMode mode) {
    boolean applied =
        annotated.isPresent() && isToldBySize()
            ? annotated.get().equals(orientation.of(stored))
            : mode == ExifMode.APPLY;
    return applied ? orientation : ExifOrientation.UPRIGHT;
  }

  /** The size of the photo without annotations, turned as a setting says. */
  public PhotoSize size(ExifMode mode) {
    return turn(Optional.empty(), mode).of(stored);
  }

  /**
   * The bits of a channel that carry the picture: those that the file states, else 8, 10, 12 or 16.
   *
   * @param most the largest value of the picture
   */
  int bits(int most) {
    if (significant > 0) {
      return most >> significant == 0 ? significant : depth;
    }
    for (int bits = Byte.SIZE; bits <= 12; bits += 2) {
      if (most >> bits == 0) {
        return bits;
      }
    }
    return Short.SIZE;
  }

  /**
   * Bytes that decoding takes at most, the file's own included.
   *
   * @param reduction 1, 2, 4 or 8; only JPEG is decoded smaller
   */
  long decodingBytes(long fileBytes, int reduction) {
    long pixels = (long) stored.height() * stored.width();
    long most = Long.MAX_VALUE / 64;
    if (pixels > most) {
      return Long.MAX_VALUE;
    }
    long bytes = fileBytes;
    if (format != Format.JPEG || whole) {
      // four channels, or three of coefficients of 2 bytes
      bytes += pixels * (format == Format.JPEG ? 6 : depth > Byte.SIZE ? 8 : 4);
    }
    long copies = orientation.isUpright() ? 1 : 2;
    return bytes + copies * 3 * pixels / ((long) reduction * reduction);
  }

  /** Sets the mark in the file's bytes to "as stored". */
  public void removeMark(ByteBuffer bytes) {
    if (orientationAt >= 0 && orientationAt + 1 < bytes.limit()) {
      int at = (int) orientationAt;
      // one of the two bytes is 0, which one depends on the byte order
      bytes.put(bytes.get(at) == 0 ? at + 1 : at, (byte) 1);
      if (format == Format.PNG) {
        PngHeader.sum(bytes, at);
      }
    }
  }
}
