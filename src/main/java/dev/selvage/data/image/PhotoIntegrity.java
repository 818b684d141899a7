package dev.selvage.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checks from the structure of a JPEG or PNG file, without decoding it, whether the file is
 * complete. Decoders fill in missing pixels, so a truncated photo otherwise shows only as grey rows
 * at its bottom.
 */
public final class PhotoIntegrity {
  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int PNG_END = 0x49454E44; // "IEND"

  private PhotoIntegrity() {}

  /**
   * Checks one file; reads all its bytes.
   *
   * @return what is wrong; empty for a whole file, and for kinds of files that are not known here
   */
  public static Optional<String> problem(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() == 0) {
        return Optional.of("is empty");
      } else if (channel.size() > Integer.MAX_VALUE) {
        return Optional.of("is larger than 2 GB");
      }
      return problem(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
  }

  /** The same of a file's bytes. */
  static Optional<String> problem(ByteBuffer bytes) {
    if (bytes.limit() >= 2 && bytes.getShort(0) == (short) 0xFFD8) {
      return endsAsJpeg(bytes) ? Optional.empty() : truncated("JPEG");
    }
    if (bytes.limit() >= 8 && bytes.getLong(0) == PNG_SIGNATURE) {
      return endsAsPng(bytes) ? Optional.empty() : truncated("PNG");
    }
    return Optional.empty();
  }

  /** Why a photo that OpenCV does not decode cannot be decoded. */
  static String reason(Path file) {
    try {
      return undecodable(problem(file));
    } catch (IOException e) {
      return "cannot be read (" + e + ")";
    }
  }

  /** The same with what is wrong with its bytes. */
  static String undecodable(Optional<String> problem) {
    return "cannot be decoded" + problem.map(" (the file %s)"::formatted).orElse("");
  }

  private static Optional<String> truncated(String kind) {
    return Optional.of("is a truncated " + kind);
  }

  /** Walks from segment to segment, and through the pixels from marker to marker. */
  private static boolean endsAsJpeg(ByteBuffer bytes) {
    int at = 2;
    while (at + 1 < bytes.limit()) {
      if (bytes.get(at) != (byte) 0xFF) {
        at++; // pixels, or bytes between segments
        continue;
      }
      int marker = bytes.get(at + 1) & 0xFF;
      if (marker == 0xD9) {
        return true;
      } else if (marker == 0xFF) {
        at++; // fill byte
      } else if (marker == 0 || marker == 1 || marker >= 0xD0 && marker <= 0xD8) {
        at += 2; // a pixel's 0xFF, or a marker without a segment
      } else if (at + 3 < bytes.limit()) {
        at += 2 + Math.max(2, bytes.getShort(at + 2) & 0xFFFF);
      } else {
        return false;
      }
    }
    return false;
  }

  private static boolean endsAsPng(ByteBuffer bytes) {
    long at = 8;
    while (at + 12 <= bytes.limit()) {
      if (bytes.getInt((int) at + 4) == PNG_END) {
        return true;
      }
      at += 12 + (bytes.getInt((int) at) & 0xFFFFFFFFL);
    }
    return false;
  }
}
