package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoHeaderTest {
  private static final int HEIGHT = 31;
  private static final int WIDTH = 47;

  @TempDir Path folder;

  /** Height and width of a WebP file in the simple form. */
  static int[] webpSize(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file[15] == 'L') {
      int bits = in.getInt(21);
      return new int[] {(bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1};
    }
    return new int[] {in.getShort(28), in.getShort(26)};
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("baseline JPEG", PhotoBytes.noise(".jpg", HEIGHT, WIDTH));
    files.put(
        "progressive JPEG", PhotoBytes.noise(".jpg", HEIGHT, WIDTH, IMWRITE_JPEG_PROGRESSIVE, 1));
    files.put("PNG", PhotoBytes.noise(".png", HEIGHT, WIDTH));
    byte[] bmp = PhotoBytes.noise(".bmp", HEIGHT, WIDTH);
    files.put("BMP", bmp);
    byte[] downwards = bmp.clone();
    ByteBuffer.wrap(downwards).order(ByteOrder.LITTLE_ENDIAN).putInt(22, -HEIGHT);
    files.put("BMP from the top row", downwards);
    files.put("OS/2 BMP", os2(bmp));
    byte[] lossy = PhotoBytes.noise(".webp", HEIGHT, WIDTH, IMWRITE_WEBP_QUALITY, 90);
    files.put("lossy WebP", lossy);
    byte[] lossless = PhotoBytes.noise(".webp", HEIGHT, WIDTH, IMWRITE_WEBP_QUALITY, 101);
    files.put("lossless WebP", lossless);
    files.put("extended WebP", PhotoBytes.marked(lossless, 1, ByteOrder.BIG_ENDIAN));
    files.put("TIFF", PhotoBytes.noise(".tif", HEIGHT, WIDTH));
    files.put("GIF", PhotoBytes.noise(".gif", HEIGHT, WIDTH));
    return files;
  }

  private static byte[] os2(byte[] bmp) {
    ByteBuffer in = ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(26 + bmp.length - in.getInt(10));
    out.order(ByteOrder.LITTLE_ENDIAN).put(bmp, 0, 10).putInt(26).putInt(12);
    out.putShort((short) WIDTH).putShort((short) HEIGHT).putShort((short) 1).putShort((short) 24);
    return out.put(bmp, in.getInt(10), bmp.length - in.getInt(10)).array();
  }

  @Test
  void readsTheSizeOfEveryFormat() throws IOException {
    for (Map.Entry<String, byte[]> entry : files().entrySet()) {
      Path file = Files.write(folder.resolve("photo"), entry.getValue());
      assertEquals(
          Optional.of(new PhotoSize(HEIGHT, WIDTH)),
          PhotoHeader.read(file).map(PhotoHeader::stored),
          entry.getKey());
      assertEquals(
          Optional.of(new PhotoSize(HEIGHT, WIDTH)),
          new Photos().original(file).map(photo -> new PhotoSize(photo.rows(), photo.cols())),
          entry.getKey() + " as OpenCV decodes it");
    }
  }

  @Test
  void readsEveryMark() throws IOException {
    for (String ending : List.of(".jpg", ".png", ".webp", ".tif")) {
      byte[] photo = PhotoBytes.noise(ending, HEIGHT, WIDTH);
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        for (int mark = 1; mark <= 8; mark++) {
          Path file = Files.write(folder.resolve("photo"), PhotoBytes.marked(photo, mark, order));
          PhotoHeader header = PhotoHeader.read(file).orElseThrow();
          assertEquals(new PhotoSize(HEIGHT, WIDTH), header.stored(), ending);
          assertEquals(mark, header.orientation().value(), ending + " in " + order);
        }
      }
      Path other =
          Files.write(folder.resolve("photo"), PhotoBytes.marked(photo, 9, ByteOrder.BIG_ENDIAN));
      assertEquals(1, PhotoHeader.read(other).orElseThrow().orientation().value());
    }
  }

  /** Every file cut anywhere and with any bytes changed gives a header or none. */
  @Test
  void readsDamagedFiles() throws IOException {
    Random random = new Random(1);
    for (byte[] whole : files().values()) {
      byte[] photo =
          whole[0] == 'B' || whole[0] == 'G'
              ? whole
              : PhotoBytes.marked(
                  whole[0] == 'R' && whole[15] == 'X' ? PhotoBytes.noise(".webp", 9, 9) : whole,
                  6,
                  ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < 150; i++) {
        byte[] damaged = Arrays.copyOf(photo, i < 100 ? Math.min(i, photo.length) : photo.length);
        for (int k = 0; k < i % 5 && damaged.length > 0; k++) {
          damaged[random.nextInt(Math.min(100, damaged.length))] = (byte) random.nextInt();
        }
        PhotoHeader.read(Files.write(folder.resolve("photo"), damaged));
      }
    }
  }
}
