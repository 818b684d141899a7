package dev.selvage.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ExifMode;
import dev.selvage.data.image.UnusablePhoto.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPhotoTest {
  private static final int HEIGHT = 48;
  private static final int WIDTH = 64;

  @TempDir Path folder;

  @Test
  void givesTheBitsThatTheFileGives() throws Exception {
    for (String ending : new String[] {".jpg", ".png", ".bmp", ".webp", ".tif"}) {
      byte[] noise = PhotoBytes.noise(ending, HEIGHT, WIDTH);
      requireSame(noise, ExifMode.APPLY, ending);
      if (!ending.equals(".bmp")) {
        byte[] marked = PhotoBytes.marked(noise, 6, ByteOrder.LITTLE_ENDIAN);
        requireSame(marked, ExifMode.APPLY, ending);
        requireSame(marked, ExifMode.IGNORE, ending);
      }
    }
  }

  private void requireSame(byte[] bytes, ExifMode mode, String ending) throws Exception {
    Path file = Files.write(folder.resolve("photo" + ending), bytes);
    MemoryPhoto memory = MemoryPhoto.of(bytes, mode);
    Photos photos = new Photos(mode);
    PhotoSize size = photos.size(file).orElseThrow();
    int h = size.height() / 2;
    int w = size.width() / 2;
    ResizePlan plan = new ResizePlan(size.height(), size.width(), h, w, 1, 2, 64, 64, 0.5);

    assertEquals(size, memory.size(), ending);
    try (ResizedPhoto expected = photos.resized(file, plan).orElseThrow();
        ResizedPhoto found = memory.resized(plan)) {
      byte[] pixels = new byte[3 * 64 * 64];
      byte[] others = new byte[3 * 64 * 64];
      expected.rgb().get(pixels);
      found.rgb().get(others);
      assertArrayEquals(pixels, others, ending);
    }
    for (int longest : new int[] {20, 64}) {
      try (Mat expected = photos.atLeast(file, size, longest).orElseThrow();
          Mat found = memory.atLeast(longest)) {
        assertEquals(expected.rows(), found.rows(), ending);
        assertArrayEquals(pixels(expected), pixels(found), ending);
      }
    }
  }

  private static byte[] pixels(Mat mat) {
    byte[] pixels = new byte[3 * mat.rows() * mat.cols()];
    mat.data().get(pixels);
    return pixels;
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    for (String other : new String[] {"", "no photo", "<svg></svg>", "RIFF1234WAVE"}) {
      requireRefused(Kind.UNKNOWN_FORMAT, other.getBytes(StandardCharsets.UTF_8));
    }
    byte[] png = PhotoBytes.noise(".png", HEIGHT, WIDTH);
    UnusablePhoto cut = requireRefused(Kind.DAMAGED, Arrays.copyOf(png, 20));
    assertEquals("cannot be decoded (the file is a truncated PNG)", cut.getMessage());
    requireRefused(Kind.DAMAGED, Arrays.copyOf(PhotoBytes.noise(".jpg", HEIGHT, WIDTH), 10));
    byte[] broken = png.clone();
    Arrays.fill(broken, 60, 200, (byte) 7);
    MemoryPhoto damaged = assertOpens(broken);
    assertEquals(Kind.DAMAGED, assertThrows(UnusablePhoto.class, () -> damaged.atLeast(64)).kind());
  }

  @Test
  void aPhotoBeyondAllMemoryIsTooLarge() throws IOException {
    byte[] png = PhotoBytes.noise(".png", HEIGHT, WIDTH);
    ByteBuffer.wrap(png).putInt(16, 1 << 24).putInt(20, 1 << 24);
    MemoryPhoto huge = assertOpens(png);

    UnusablePhoto e = assertThrows(UnusablePhoto.class, () -> huge.atLeast(64));
    assertEquals(Kind.TOO_LARGE, e.kind());
    assertTrue(e.getMessage().contains("more than half"), e.getMessage());
  }

  private static MemoryPhoto assertOpens(byte[] bytes) {
    try {
      return MemoryPhoto.of(bytes, ExifMode.APPLY);
    } catch (UnusablePhoto e) {
      throw new AssertionError(e);
    }
  }

  private static UnusablePhoto requireRefused(Kind kind, byte[] bytes) {
    UnusablePhoto e =
        assertThrows(UnusablePhoto.class, () -> MemoryPhoto.of(bytes, ExifMode.APPLY));
    assertEquals(kind, e.kind());
    return e;
  }
}
