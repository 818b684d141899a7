package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_16U;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_ANYDEPTH;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_BGR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Makes pixels of a photo's file with OpenCV: bytes, red first, as they are stored. */
final class PhotoDecoder {
  private static final int COLOURS = IMREAD_COLOR_RGB | IMREAD_IGNORE_ORIENTATION;

  /** An end of image, which decoders miss in a truncated JPEG; whole files have one before it. */
  private static final byte[] JPEG_END = {(byte) 0xFF, (byte) 0xD9};

  static {
    // the loader has its own threads; more would compete with the model's for the cores
    opencv_core.setNumThreads(1);
  }

  private PhotoDecoder() {}

  /**
   * Decodes a photo at 1/reduction of its size, both sides rounded up. JPEG is decoded at that
   * size, which saves most of the time and memory; of other files the whole photo is held for a
   * moment.
   */
  static Mat decode(Path file, PhotoHeader header, int reduction) throws UnusablePhoto {
    try (PhotoFile stored = new PhotoFile(file)) {
      return decode(stored, header, reduction, () -> PhotoIntegrity.reason(file));
    } catch (IOException e) {
      throw new UnusablePhoto("cannot be read (" + e + ")");
    }
  }

  /**
   * The same of bytes that may lie in memory.
   *
   * @param reason says why the bytes are not decoded
   */
  static Mat decode(PhotoFile stored, PhotoHeader header, int reduction, Supplier<String> reason)
      throws UnusablePhoto {
    boolean jpeg = header.format() == PhotoHeader.Format.JPEG;
    try {
      long size = stored.size();
      if (size > Integer.MAX_VALUE - JPEG_END.length) {
        throw new UnusablePhoto("cannot be decoded: it is larger than 2 GB");
      }
      return DecodingMemory.within(
          header.decodingBytes(size, reduction),
          () -> {
            try (BytePointer bytes = bytes(stored, (int) size, header);
                Mat data = new Mat(1, (int) bytes.capacity(), CV_8UC1, bytes)) {
              // OpenCV's flags for reduced reading are 16, 32 and 64 for 1/2, 1/4 and 1/8
              return jpeg && reduction > 1
                  ? decode(data, COLOURS | 8 * reduction)
                  : smaller(colours(data, header), reduction);
            } catch (IOException e) {
              throw new UnusablePhoto("cannot be read (" + e + ")");
            } catch (IllegalArgumentException e) {
              throw new UnusablePhoto(reason.get());
            }
          });
    } catch (IOException e) {
      throw new UnusablePhoto("cannot be read (" + e + ")");
    }
  }

  private static BytePointer bytes(PhotoFile file, int size, PhotoHeader header)
      throws IOException {
    BytePointer bytes = new BytePointer((long) size + JPEG_END.length);
    ByteBuffer buffer = bytes.asByteBuffer();
    buffer.limit(size);
    file.read(buffer, 0);
    buffer.limit(buffer.capacity());
    buffer.put(JPEG_END);
    while (buffer.hasRemaining()) {
      buffer.put((byte) 0); // the file has shrunk
    }
    if (header.format() == PhotoHeader.Format.TIFF) {
      header.removeMark(buffer); // which the decoder would follow in its own way
    }
    return bytes;
  }

  /** Throws IllegalArgumentException where no picture comes out. */
  private static Mat decode(Mat data, int flags) {
    Mat decoded;
    try {
      decoded = opencv_imgcodecs.imdecode(data, flags);
    } catch (RuntimeException e) {
      // OpenCV throws for some kinds of damage and gives nothing for others; both mean the same
      throw new IllegalArgumentException(e);
    }
    if (decoded.empty()) {
      decoded.close();
      throw new IllegalArgumentException();
    }
    return decoded;
  }

  /**
   * The whole photo. Cameras' and scanners' 10 or 12 bits may lie in files of 16 bits as they are,
   * and would be nearly black as the upper 8 bits of these.
   */
  private static Mat colours(Mat data, PhotoHeader header) {
    if (header.depth() > Byte.SIZE) {
      // blue first: OpenCV 4.13 leaves a TIFF of 16 bits without values where red is to be first
      Mat deep = decode(data, IMREAD_COLOR_BGR | IMREAD_ANYDEPTH | IMREAD_IGNORE_ORIENTATION);
      try (deep) {
        int bits = deep.depth() == CV_16U ? header.bits(most(deep)) : Short.SIZE;
        if (bits < Short.SIZE) {
          Mat bytes = new Mat();
          deep.convertTo(bytes, CV_8U, 255.0 / ((1 << bits) - 1), 0);
          opencv_imgproc.cvtColor(bytes, bytes, COLOR_BGR2RGB);
          return bytes;
        }
      }
    }
    return decode(data, COLOURS);
  }

  private static int most(Mat photo) {
    try (Mat channels = photo.reshape(1);
        DoublePointer least = new DoublePointer(1);
        DoublePointer most = new DoublePointer(1)) {
      opencv_core.minMaxLoc(channels, least, most, null, null, null);
      return (int) most.get();
    }
  }

  private static Mat smaller(Mat whole, int reduction) {
    if (reduction == 1) {
      return whole;
    }
    Mat reduced = new Mat();
    try (whole;
        Size size =
            new Size(
                (whole.cols() + reduction - 1) / reduction,
                (whole.rows() + reduction - 1) / reduction)) {
      opencv_imgproc.resize(whole, reduced, size, 0, 0, INTER_AREA);
    }
    return reduced;
  }
}
