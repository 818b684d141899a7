package dev.selvage.mask;

import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.List;

/**
 * COCO's rasterisation of polygons: the outline is drawn on a grid five times as fine, and a
 * pixel's column is entered where the fine outline crosses the column's centre line.
 */
public final class Polygons {
  private static final double SCALE = 5;

  /** Pixels from the photo's origin. An outline is walked point by point. */
  public static final double FARTHEST = 100_000;

  private Polygons() {}

  /**
   * The union of polygons, pixel for pixel as pycocotools gives it.
   *
   * @param polygons each flat x1,y1,x2,y2,... in pixels of the photo
   * @throws UserError a corner is so far away that it cannot be meant
   */
  public static Rle rasterise(List<double[]> polygons, int height, int width) {
    return Rle.union(
        polygons.stream().map(p -> rasterise(p, height, width)).toList(), height, width);
  }

  static Rle rasterise(double[] xy, int height, int width) {
    int corners = xy.length / 2;
    PointList outline = new PointList(64);
    for (int j = 0; j < corners; j++) {
      int next = (j + 1) % corners;
      line(
          outline,
          fine(xy[2 * j]),
          fine(xy[2 * j + 1]),
          fine(xy[2 * next]),
          fine(xy[2 * next + 1]));
    }
    int[] crossings = crossings(outline, height, width);
    Arrays.sort(crossings);
    // each crossing inverts the pixels from there on; two at one position cancel out
    RleBuilder runs = new RleBuilder(crossings.length + 2);
    int at = 0;
    while (at + 1 < crossings.length) {
      runs.set(crossings[at], crossings[at + 1] - crossings[at]);
      at += 2;
    }
    if (at < crossings.length) {
      runs.set(crossings[at], height * width - crossings[at]);
    }
    return runs.build(height, width);
  }

  private static int fine(double coordinate) {
    if (!(Math.abs(coordinate) <= FARTHEST)) {
      throw new UserError(
          "a polygon's corners must lie within %.0f pixels of the photo, found %s"
              .formatted(FARTHEST, coordinate));
    }
    return (int) (SCALE * coordinate + .5);
  }

  /** Appends the points of a line in the order from its first end to its last, both included. */
  private static void line(PointList out, int x1, int y1, int x2, int y2) {
    int dx = Math.abs(x2 - x1);
    int dy = Math.abs(y2 - y1);
    boolean flat = dx >= dy;
    // points are computed from the end with the smaller coordinate, whichever way the line is
    // walked
    boolean backwards = flat ? x1 > x2 : y1 > y2;
    int xs = backwards ? x2 : x1;
    int ys = backwards ? y2 : y1;
    int xe = backwards ? x1 : x2;
    int ye = backwards ? y1 : y2;
    int steps = flat ? dx : dy;
    double slope = steps == 0 ? 0 : flat ? (double) (ye - ys) / dx : (double) (xe - xs) / dy;
    for (int d = 0; d <= steps; d++) {
      int t = backwards ? steps - d : d;
      if (flat) {
        out.add(t + xs, (int) (ys + slope * t + .5));
      } else {
        out.add((int) (xs + slope * t + .5), t + ys);
      }
    }
  }

  /** Places (column-major) where the outline crosses a column's centre line. */
  private static int[] crossings(PointList outline, int height, int width) {
    int[] places = new int[outline.size()];
    int used = 0;
    for (int j = 1; j < outline.size(); j++) {
      int u = outline.x(j);
      int before = outline.x(j - 1);
      if (u == before) {
        continue;
      }
      double x = ((u < before ? u : u - 1) + .5) / SCALE - .5;
      if (Math.floor(x) != x || x < 0 || x > width - 1) {
        continue;
      }
      double y = (Math.min(outline.y(j), outline.y(j - 1)) + .5) / SCALE - .5;
      places[used++] = (int) x * height + (int) Math.ceil(Math.min(Math.max(y, 0), height));
    }
    return Arrays.copyOf(places, used);
  }
}
