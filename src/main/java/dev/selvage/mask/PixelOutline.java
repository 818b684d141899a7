package dev.selvage.mask;

import java.util.ArrayList;
import java.util.List;

/**
 * The outline of a mask along the edges of its pixels, without loss: who fills the rings again gets
 * the mask. Pixels that touch at a corner only belong to different rings.
 */
public final class PixelOutline {
  /** Right, down, left, up: the mask lies at the right hand of who walks. */
  private static final int[] DX = {1, 0, -1, 0};

  private static final int[] DY = {0, 1, 0, -1};

  private final int top;
  private final int left;
  private final int height;
  private final int width;
  private final byte[] pixels;

  /** [height + 1, width + 1] corners; bit d says that an edge of direction d begins there. */
  private final byte[] edges;

  private PixelOutline(Rle mask, int[] box) {
    top = box[0];
    left = box[1];
    height = box[2] - box[0];
    width = box[3] - box[1];
    pixels = new byte[height * width];
    edges = new byte[(height + 1) * (width + 1)];
    fill(mask);
  }

  /**
   * The rings around the parts of a mask, and around its holes.
   *
   * @param holes whether to give the rings of holes too, which run the other way round
   * @return each flat x1,y1,x2,y2,... in pixels, corners only; none for an empty mask
   */
  public static List<double[]> rings(Rle mask, boolean holes) {
    int[] box = mask.box();
    if (box[2] == 0) {
      return List.of();
    }
    List<double[]> rings = new PixelOutline(mask, box).trace();
    if (!holes) {
      rings.removeIf(ring -> doubleArea(ring) < 0);
    }
    return rings;
  }

  private void fill(Rle mask) {
    int at = 0;
    int[] counts = mask.counts();
    for (int i = 0; i < counts.length; i++) {
      for (int p = at; (i & 1) == 1 && p < at + counts[i]; p++) {
        pixels[(p % mask.height() - top) * width + p / mask.height() - left] = 1;
      }
      at += counts[i];
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (isSet(y, x)) {
          edge(!isSet(y - 1, x), y, x, 0);
          edge(!isSet(y, x + 1), y, x + 1, 1);
          edge(!isSet(y + 1, x), y + 1, x + 1, 2);
          edge(!isSet(y, x - 1), y + 1, x, 3);
        }
      }
    }
  }

  private boolean isSet(int y, int x) {
    return y >= 0 && x >= 0 && y < height && x < width && pixels[y * width + x] != 0;
  }

  private void edge(boolean is, int y, int x, int direction) {
    if (is) {
      edges[y * (width + 1) + x] |= (byte) (1 << direction);
    }
  }

  private List<double[]> trace() {
    List<double[]> rings = new ArrayList<>();
    for (int at = 0; at < edges.length; at++) {
      while (edges[at] != 0) {
        rings.add(ring(at));
      }
    }
    return rings;
  }

  /** Walks from a corner along edges, which it takes away, until it is there again. */
  private double[] ring(int start) {
    PointList corners = new PointList(16);
    int at = start;
    int before = -1;
    do {
      // the first corner in reading order has one edge only: other rings through it are gone
      int direction = before < 0 ? Integer.numberOfTrailingZeros(edges[at]) : turn(at, before);
      if (direction != before) {
        corners.add(left + at % (width + 1), top + at / (width + 1));
      }
      edges[at] &= (byte) ~(1 << direction);
      at += DY[direction] * (width + 1) + DX[direction];
      before = direction;
    } while (at != start);
    return corners.toArray();
  }

  /** The sharpest turn to the right that there is, so that pixels at a corner stay apart. */
  private int turn(int at, int direction) {
    for (int turn : new int[] {1, 0, 3}) {
      int next = (direction + turn) % 4;
      if ((edges[at] >> next & 1) == 1) {
        return next;
      }
    }
    throw new IllegalStateException("an outline that does not close");
  }

  /** Positive for a ring around pixels, negative for one around a hole. */
  private static double doubleArea(double[] ring) {
    double area = 0;
    for (int i = 0; i < ring.length; i += 2) {
      int next = (i + 2) % ring.length;
      area += ring[i] * ring[next + 1] - ring[next] * ring[i + 1];
    }
    return area;
  }
}
