package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Photos as files in memory, with orientation marks. */
public final class PhotoBytes {
  private PhotoBytes() {}

  /** A photo of noise in the format of a file ending; settings are OpenCV's. */
  public static byte[] noise(String ending, int height, int width, int... settings) {
    byte[] noise = new byte[3 * height * width];
    new Random(height).nextBytes(noise);
    try (BytePointer pixels = new BytePointer(noise);
        Mat photo = new Mat(height, width, CV_8UC3, pixels)) {
      return encoded(ending, photo, settings);
    }
  }

  /** A black photo in the format of a file ending. */
  public static byte[] flat(String ending, int height, int width) {
    try (Scalar black = new Scalar(0);
        Mat photo = new Mat(height, width, CV_8UC3, black)) {
      return encoded(ending, photo);
    }
  }

  static byte[] encoded(String ending, Mat photo, int... settings) {
    try (BytePointer encoded = new BytePointer();
        IntPointer list = new IntPointer(settings)) {
      opencv_imgcodecs.imencode(ending, photo, encoded, list);
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  /** The same photo with an orientation mark; a TIFF's pixels stay where they are. */
  public static byte[] marked(byte[] photo, int mark, ByteOrder order) {
    ByteBuffer in = ByteBuffer.wrap(photo).order(ByteOrder.LITTLE_ENDIAN);
    return switch (photo[0] & 0xFF) {
      case 0xFF -> {
        byte[] exif = joined("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), exif(mark, order));
        byte[] head = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE1};
        byte[] length = big(2, exif.length + 2);
        yield joined(head, length, exif, Arrays.copyOfRange(photo, 2, photo.length));
      }
      case 0x89 ->
          joined(
              Arrays.copyOf(photo, 33),
              chunk("eXIf", exif(mark, order)),
              Arrays.copyOfRange(photo, 33, photo.length));
      case 'R' -> webp(photo, exif(mark, order));
      case 'I' -> tiff(in, mark);
      default -> throw new IllegalArgumentException();
    };
  }

  /** A chunk of PNG. */
  static byte[] chunk(String name, byte[] data) {
    byte[] body = joined(name.getBytes(StandardCharsets.ISO_8859_1), data);
    CRC32 sum = new CRC32();
    sum.update(body);
    return joined(big(4, data.length), body, big(4, (int) sum.getValue()));
  }

  /** A directory with one entry before the mark. */
  private static byte[] exif(int mark, ByteOrder order) {
    ByteBuffer out = ByteBuffer.allocate(38).order(order);
    out.put(order == ByteOrder.BIG_ENDIAN ? new byte[] {'M', 'M'} : new byte[] {'I', 'I'});
    out.putShort((short) 42).putInt(8).putShort((short) 2);
    out.putShort((short) 256).putShort((short) 3).putInt(1).putShort((short) 9).putShort((short) 0);
    out.putShort((short) 274).putShort((short) 3).putInt(1);
    return out.putShort((short) mark).putShort((short) 0).array();
  }

  /** From the simple form to the extended one, as those with EXIF are. */
  private static byte[] webp(byte[] simple, byte[] exif) {
    int[] size = PhotoHeaderTest.webpSize(simple);
    ByteBuffer out = ByteBuffer.allocate(simple.length + 18 + 8 + exif.length);
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.put(simple, 0, 4).putInt(out.capacity() - 8).put(simple, 8, 4);
    out.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(8);
    for (int side : new int[] {size[1], size[0]}) {
      out.putShort((short) (side - 1)).put((byte) 0);
    }
    out.put(simple, 12, simple.length - 12);
    return out.put("EXIF".getBytes(StandardCharsets.US_ASCII))
        .putInt(exif.length)
        .put(exif)
        .array();
  }

  /** The directory goes to the end, with the mark in its place. */
  private static byte[] tiff(ByteBuffer in, int mark) {
    int directory = in.getInt(4);
    int entries = in.getShort(directory);
    ByteBuffer out = ByteBuffer.allocate(in.capacity() + 2 + 12 * (entries + 1) + 4);
    out.order(ByteOrder.LITTLE_ENDIAN).put(in.array()).putShort((short) (entries + 1));
    boolean placed = false;
    for (int i = 0; i < entries; i++) {
      int at = directory + 2 + 12 * i;
      if (!placed && in.getShort(at) > 274) {
        out.putShort((short) 274).putShort((short) 3).putInt(1).putInt(mark);
        placed = true;
      }
      out.put(in.array(), at, 12);
    }
    return out.putInt(0).putInt(4, in.capacity()).array();
  }

  /** A TIFF with another value of a tag that it has. */
  static byte[] withTag(byte[] tiff, int tag, int value) {
    ByteBuffer out = ByteBuffer.wrap(tiff.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int directory = out.getInt(4);
    for (int i = 0; i < out.getShort(directory); i++) {
      int at = directory + 2 + 12 * i;
      if (out.getShort(at) == tag) {
        out.putShort(at + 8, (short) value);
      }
    }
    return out.array();
  }

  private static byte[] big(int length, int value) {
    byte[] bytes = ByteBuffer.allocate(4).putInt(value).array();
    return Arrays.copyOfRange(bytes, 4 - length, 4);
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
