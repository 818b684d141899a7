package dev.selvage.data.image;

import dev.selvage.config.ExifMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A photo whose file lies in memory, such as one that came over a network. It is decoded, turned
 * and resized to the same bits as {@link Photos} makes of the same file. Thread-safe.
 */
public final class MemoryPhoto {
  private final byte[] bytes;
  private final PhotoHeader header;
  private final ExifOrientation turn;

  private MemoryPhoto(byte[] bytes, PhotoHeader header, ExifOrientation turn) {
    this.bytes = bytes;
    this.header = header;
    this.turn = turn;
  }

  /**
   * Reads the header of a photo without annotations.
   *
   * @param bytes of its file; nobody changes them
   * @throws UnusablePhoto it is no photo, or its header is damaged
   */
  public static MemoryPhoto of(byte[] bytes, ExifMode mode) throws UnusablePhoto {
    try (PhotoFile file = new PhotoFile(bytes)) {
      Optional<PhotoHeader> header = PhotoHeader.read(file);
      if (header.isEmpty()) {
        boolean known = PhotoHeader.hasFormat(file);
        throw new UnusablePhoto(
            known ? reason(bytes) : "is no JPEG, PNG, WebP, BMP, TIFF or GIF",
            known ? UnusablePhoto.Kind.DAMAGED : UnusablePhoto.Kind.UNKNOWN_FORMAT);
      }
      return new MemoryPhoto(bytes, header.get(), header.get().turn(Optional.empty(), mode));
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot be read", e);
    }
  }

  /** Pixels of the photo, turned as its mark and the setting say. */
  public PhotoSize size() {
    return turn.of(header.stored());
  }

  /**
   * The photo resized by a plan for its size.
   *
   * @throws UnusablePhoto it cannot be decoded
   */
  public ResizedPhoto resized(ResizePlan plan) throws UnusablePhoto {
    try (Mat decoded = decode(plan.reduction())) {
      return new ResizedPhoto(Photos.resize(decoded, plan), plan);
    }
  }

  /**
   * The photo to draw on, as {@link Photos#atLeast} gives it: red first, a matrix of bytes that the
   * caller closes.
   *
   * @param longest pixels that the longer side keeps at least
   * @throws UnusablePhoto it cannot be decoded
   */
  public Mat atLeast(int longest) throws UnusablePhoto {
    return decode(Photos.reduction(size(), longest));
  }

  private Mat decode(int reduction) throws UnusablePhoto {
    Mat decoded = PhotoDecoder.decode(new PhotoFile(bytes), header, reduction, () -> reason(bytes));
    try {
      turn.apply(decoded);
      Photos.require(size(), new PhotoSize(decoded.rows(), decoded.cols()), reduction);
      return decoded;
    } catch (UnusablePhoto e) {
      decoded.close();
      throw e;
    }
  }

  private static String reason(byte[] bytes) {
    return PhotoIntegrity.undecodable(PhotoIntegrity.problem(ByteBuffer.wrap(bytes)));
  }
}
