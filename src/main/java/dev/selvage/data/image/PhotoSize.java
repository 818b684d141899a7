package dev.selvage.data.image;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Pixels of a photo as it is stored (EXIF rotation not applied), read from the file's header alone.
 */
public record PhotoSize(int height, int width) {
  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;

  /** The size that a JPEG or PNG file states; empty for other or damaged files. */
  public static Optional<PhotoSize> read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 4096))) {
      in.mark(8);
      if (in.readUnsignedShort() == 0xFFD8) {
        return jpeg(in);
      }
      in.reset();
      return in.readLong() == PNG_SIGNATURE ? png(in) : Optional.empty();
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private static Optional<PhotoSize> png(DataInputStream in) throws IOException {
    in.readLong(); // length and name of the first chunk, which is always IHDR
    int width = in.readInt();
    return Optional.of(new PhotoSize(in.readInt(), width));
  }

  private static Optional<PhotoSize> jpeg(DataInputStream in) throws IOException {
    while (in.readUnsignedByte() == 0xFF) {
      int marker = in.readUnsignedByte();
      while (marker == 0xFF) {
        marker = in.readUnsignedByte();
      }
      int length = in.readUnsignedShort() - 2;
      // C0 to CF start a frame, except C4 (Huffman tables), C8 (reserved) and CC (arithmetic
      // tables)
      if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
        in.readUnsignedByte();
        int height = in.readUnsignedShort();
        return Optional.of(new PhotoSize(height, in.readUnsignedShort()));
      }
      in.skipNBytes(Math.max(0, length));
    }
    return Optional.empty();
  }
}
