package dev.selvage.sample.paint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A line through corners and smooth points: a spline that stops being smooth at its corners. */
public final class Outline {
  private static final int STEPS = 8;

  private final List<Vec> points = new ArrayList<>();
  private final List<Boolean> corners = new ArrayList<>();

  public Outline corner(double x, double y) {
    return add(new Vec(x, y), true);
  }

  public Outline smooth(double x, double y) {
    return add(new Vec(x, y), false);
  }

  private Outline add(Vec point, boolean corner) {
    points.add(point);
    corners.add(corner);
    return this;
  }

  /** Adds the mirror image, backwards; points on the axis x = 0 are not repeated. */
  public Outline mirrored() {
    for (int i = points.size() - 1; i >= 0; i--) {
      Vec p = points.get(i);
      if (p.x() != 0) {
        add(new Vec(-p.x(), p.y()), corners.get(i));
      }
    }
    return this;
  }

  /** The area inside, each given point brought to its place first. */
  public Shape filled(UnaryOperator<Vec> place) {
    return Shape.polygon(trace(place, true));
  }

  public Shape filled() {
    return filled(UnaryOperator.identity());
  }

  /** A band along the open line; its radius goes evenly from one end to the other. */
  public Shape stroked(UnaryOperator<Vec> place, double fromRadius, double toRadius) {
    Vec[] line = trace(place, false);
    double[] radii = new double[line.length];
    for (int i = 0; i < radii.length; i++) {
      radii[i] = fromRadius + (toRadius - fromRadius) * i / (radii.length - 1);
    }
    return Shape.sweep(line, radii);
  }

  private Vec[] trace(UnaryOperator<Vec> place, boolean closed) {
    List<Vec> placed = points.stream().map(place).toList();
    int n = placed.size();
    List<Vec> out = new ArrayList<>();
    for (int i = 0; i < (closed ? n : n - 1); i++) {
      int j = (i + 1) % n;
      Vec chord = placed.get(j).minus(placed.get(i));
      Vec leaving = tangent(placed, i, closed, chord);
      Vec arriving = tangent(placed, j, closed, chord);
      boolean straight = leaving == chord && arriving == chord;
      for (int s = 0; s < (straight ? 1 : STEPS); s++) {
        out.add(hermite(placed.get(i), placed.get(j), leaving, arriving, (double) s / STEPS));
      }
    }
    if (!closed) {
      out.add(placed.get(n - 1));
    }
    return out.toArray(Vec[]::new);
  }

  /** As long as the chord, so that points at uneven distances do not make it overshoot. */
  private Vec tangent(List<Vec> placed, int i, boolean closed, Vec chord) {
    int n = placed.size();
    if (corners.get(i) || !closed && (i == 0 || i == n - 1)) {
      return chord;
    }
    Vec along = placed.get((i + 1) % n).minus(placed.get((i + n - 1) % n));
    return along.unit().times(chord.length());
  }

  private static Vec hermite(Vec a, Vec b, Vec ta, Vec tb, double t) {
    double t2 = t * t;
    double t3 = t2 * t;
    return a.times(2 * t3 - 3 * t2 + 1)
        .plus(ta.times(t3 - 2 * t2 + t))
        .plus(b.times(3 * t2 - 2 * t3))
        .plus(tb.times(t3 - t2));
  }
}
