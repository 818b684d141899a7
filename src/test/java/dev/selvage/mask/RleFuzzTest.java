package dev.selvage.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Damaged run lengths are read as a straightforward reader does, or refused where it refuses. */
class RleFuzzTest {
  private static final int HEIGHT = 37;
  private static final int WIDTH = 53;

  @Test
  void kagglesPairs() {
    Fuzz.run(
        "Kaggle's run lengths",
        "5 3 40 12 100 37 180 1 900 200 1500 400".getBytes(StandardCharsets.US_ASCII),
        true,
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          byte[] expected = plainPairs(text);
          Rle mask = expecting(expected != null, () -> KaggleRle.read(text, HEIGHT, WIDTH), text);
          assertArrayEquals(expected, mask.toBitmask(), text);
          assertEquals(mask, KaggleRle.read(KaggleRle.write(mask), HEIGHT, WIDTH), text);
        });
  }

  @Test
  void cocosText() {
    Rle mask = KaggleRle.read("5 3 40 12 100 37 180 1 900 200 1500 400", HEIGHT, WIDTH);
    Fuzz.run(
        "COCO's run lengths",
        CocoRle.write(mask).getBytes(StandardCharsets.US_ASCII),
        true,
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          byte[] expected = plainCounts(text);
          Rle read = expecting(expected != null, () -> CocoRle.read(text, HEIGHT, WIDTH), text);
          assertArrayEquals(expected, read.toBitmask(), text);
        });
  }

  private interface Reading {
    Rle read();
  }

  /** The mask, or the complaint where one is due. */
  private static Rle expecting(boolean good, Reading reading, String text) {
    try {
      Rle mask = reading.read();
      assertEquals(good, true, "read, though it is wrong: " + text);
      return mask;
    } catch (UserError e) {
      assertEquals(good, false, "refused, though it is right: " + text + ": " + e.getMessage());
      throw e;
    }
  }

  /** Pixels by column, or null for a text that is none. */
  private static byte[] plainPairs(String text) {
    List<Long> values = new ArrayList<>();
    for (String part : text.split(" ")) {
      if (!part.isEmpty()) {
        if (!part.matches("[0-9]+") || part.replaceFirst("^0+", "").length() > 9) {
          return null;
        }
        values.add(Long.parseLong(part));
      }
    }
    byte[] pixels = new byte[HEIGHT * WIDTH];
    for (int i = 0; i + 1 < values.size(); i += 2) {
      long start = values.get(i) - 1;
      long end = start + values.get(i + 1);
      if (start < 0 || end > pixels.length || end == start) {
        return null;
      }
      for (int p = (int) start; p < end; p++) {
        pixels[p] = 1;
      }
    }
    return values.size() % 2 == 0 ? pixels : null;
  }

  /**
   * Each count in groups of five bits, low ones first, a sixth bit for one more group, the
   * difference from the count two before from the fourth count on (pycocotools, rleFrString).
   */
  private static byte[] plainCounts(String text) {
    byte[] pixels = new byte[HEIGHT * WIDTH];
    List<Long> counts = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < text.length(); ) {
      long value = 0;
      int bits = 0;
      boolean more = true;
      while (more) {
        int group = i < text.length() ? text.charAt(i++) - 48 : -1;
        if (group < 0 || group > 63 || bits > 30) {
          return null;
        }
        value |= (long) (group & 31) << bits;
        bits += 5;
        more = (group & 32) != 0;
        if (!more && (group & 16) != 0) {
          value |= -1L << bits;
        }
      }
      if (counts.size() > 2) {
        value += counts.get(counts.size() - 2);
      }
      counts.add(value);
      if (value < 0 || at + value > pixels.length) {
        return null;
      }
      for (long end = at + value; at < end; at++) {
        pixels[(int) at] = (byte) (counts.size() % 2 == 0 ? 1 : 0);
      }
    }
    return at == pixels.length ? pixels : null;
  }
}
