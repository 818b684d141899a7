package dev.selvage.sample.paint;

import java.util.ArrayList;
import java.util.List;

/**
 * The union of polygons, less a hole.
 *
 * @param hole what is cut out of it, null for nothing
 */
public record Shape(List<Vec[]> polygons, Shape hole) {
  private static final int ROUND = 28;

  static Shape polygon(Vec... corners) {
    return new Shape(List.<Vec[]>of(corners), null);
  }

  public static Shape box(double left, double top, double right, double bottom) {
    return polygon(
        new Vec(left, top), new Vec(right, top), new Vec(right, bottom), new Vec(left, bottom));
  }

  public static Shape disc(Vec centre, double radius) {
    return ellipse(centre, radius, radius, 0);
  }

  public static Shape ellipse(Vec centre, double radiusX, double radiusY, double degrees) {
    Vec[] ring = new Vec[ROUND];
    for (int i = 0; i < ROUND; i++) {
      Vec p = Vec.hanging(360.0 * i / ROUND, 1);
      ring[i] = centre.plus(new Vec(p.x() * radiusX, p.y() * radiusY).turned(degrees));
    }
    return polygon(ring);
  }

  /** A band of varying width along a line, with straight ends. */
  public static Shape sweep(Vec[] line, double[] radii) {
    Vec[] left = new Vec[line.length];
    Vec[] right = new Vec[line.length];
    for (int i = 0; i < line.length; i++) {
      Vec along = line[Math.min(i + 1, line.length - 1)].minus(line[Math.max(i - 1, 0)]).unit();
      Vec across = new Vec(-along.y(), along.x()).times(radii[i]);
      left[i] = line[i].plus(across);
      right[i] = line[i].minus(across);
    }
    List<Vec[]> quads = new ArrayList<>();
    for (int i = 1; i < line.length; i++) {
      // one piece at a time, since a tight bend lets the whole outline cross itself
      quads.add(new Vec[] {left[i - 1], left[i], right[i], right[i - 1]});
    }
    return new Shape(quads, null);
  }

  /** Both together; neither may have been cut. */
  public Shape and(Shape other) {
    List<Vec[]> all = new ArrayList<>(polygons);
    all.addAll(other.polygons);
    return new Shape(all, null);
  }

  public Shape without(Shape hole) {
    return new Shape(polygons, hole);
  }
}
