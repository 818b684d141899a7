package dev.selvage.sample.scene;

import dev.selvage.sample.paint.Canvas;
import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.Placement;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Stencil;

/** Paints a backdrop, in pixels. */
final class Scenery {
  private final Canvas canvas;

  Scenery(Canvas canvas) {
    this.canvas = canvas;
  }

  int width() {
    return canvas.width;
  }

  int height() {
    return canvas.height;
  }

  void fill(Shape shape, Colour colour) {
    fill(shape, colour, 1);
  }

  void fill(Shape shape, Colour colour, double opacity) {
    blend(shape, colour, colour, opacity, 0, 1, 0);
  }

  /** A shape whose colour goes from one at row y1 to another at row y2. */
  void gradient(Shape shape, Colour from, Colour to, double y1, double y2) {
    blend(shape, from, to, 1, y1, y2, 0);
  }

  /** A shape with a blurred edge. */
  void glow(Shape shape, Colour colour, double opacity, double radius) {
    blend(shape, colour, colour, opacity, 0, 1, (int) Math.max(1, radius));
  }

  private void blend(
      Shape shape, Colour from, Colour to, double opacity, double y1, double y2, int radius) {
    Stencil cut = Stencil.of(shape, Placement.PHOTO, width(), height(), 2 * radius);
    if (cut == null) {
      return;
    }
    Stencil stencil =
        radius == 0
            ? cut
            : new Stencil(cut.left(), cut.top(), cut.width(), cut.height(), cut.blurred(radius));
    canvas.paint(
        stencil,
        (x, y, out) -> {
          double t = Math.min(1, Math.max(0, (y - y1) / (y2 - y1)));
          out[0] = from.r() + (to.r() - from.r()) * t;
          out[1] = from.g() + (to.g() - from.g()) * t;
          out[2] = from.b() + (to.b() - from.b()) * t;
          out[3] = opacity;
        },
        0);
  }

  /** Puts all that is painted so far out of focus, by a share of the height. */
  void soften(double share) {
    canvas.blur((int) Math.max(1, Math.round(share * height())));
  }

  Shape everything() {
    return Shape.box(0, 0, width(), height());
  }
}
