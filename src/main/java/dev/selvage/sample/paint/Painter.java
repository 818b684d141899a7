package dev.selvage.sample.paint;

/** Paints one figure: shapes in figure units, cloth, soft light, and shadows that parts cast. */
public final class Painter {
  private static final double HIGHLIGHT = 0.22;
  private static final double SHADE = 0.50;
  private static final double EDGE = 0.10;
  private static final double CAST = 0.34;

  public final Layers layers;
  private final Canvas canvas;
  private final Placement place;

  /** Towards the light, on the photo. */
  private final Vec light;

  /** Layers from here on are this figure's. */
  private final int first;

  public Painter(Canvas canvas, Layers layers, Placement place, Vec light) {
    this.canvas = canvas;
    this.layers = layers;
    this.place = place;
    this.light = light;
    first = layers.count();
  }

  /**
   * Paints a shape over everything and gives its pixels to the layer.
   *
   * @param roundness how far from the edge, in figure units, it curves away from the light
   */
  public void fill(int layer, Shape shape, Fabric fabric, Frame frame, double roundness) {
    cast(shape);
    light(layer, shape, shape, fabric, frame, roundness);
  }

  /**
   * Paints a shape that grows out of what lies below it: no edge is shaded and no shadow is thrown
   * at the joint.
   */
  public void fillJoined(
      int layer, Shape shape, Shape joint, Fabric fabric, Frame frame, double roundness) {
    cast(shape.without(joint));
    light(layer, shape, shape.and(joint), fabric, frame, roundness);
  }

  private void light(
      int layer, Shape shape, Shape form, Fabric fabric, Frame frame, double roundness) {
    int radius = pixels(0.6 * roundness);
    Stencil stencil = cut(shape, 0);
    Stencil whole = cut(form, 2 * radius + 1);
    if (stencil == null) {
      return;
    }
    byte[] soft = whole.blurred(radius);
    int dx = (int) Math.round(light.x() * radius);
    int dy = (int) Math.round(light.y() * radius);
    double cos = StrictMath.cos(StrictMath.toRadians(frame.degrees()));
    double sin = StrictMath.sin(StrictMath.toRadians(frame.degrees()));
    Vec origin = frame.origin();
    double unit = 1 / place.scale();
    Colour base = fabric.base();
    Colour accent = fabric.accent();
    Texture texture = fabric.texture();
    canvas.paint(
        stencil,
        (x, y, out) -> {
          double fx = (x + 0.5 - place.x()) * (place.mirrored() ? -unit : unit) - origin.x();
          double fy = (place.ground() - y - 0.5) * unit - origin.y();
          double share = texture.accent(fx * cos + fy * sin, fx * sin - fy * cos, unit);
          double here = value(whole, soft, x, y);
          double slope = value(whole, soft, x - dx, y - dy) - value(whole, soft, x + dx, y + dy);
          double gain = (1 - EDGE * (1 - here)) * (slope < 0 ? 1 + SHADE * slope : 1);
          double shine = slope > 0 ? HIGHLIGHT * slope : 0;
          out[0] = lit(base.r() + (accent.r() - base.r()) * share, gain, shine);
          out[1] = lit(base.g() + (accent.g() - base.g()) * share, gain, shine);
          out[2] = lit(base.b() + (accent.b() - base.b()) * share, gain, shine);
          out[3] = 1;
        },
        layer);
  }

  /** Colours those pixels of the shape that belong to a layer, without light or shadow. */
  public void detail(int layer, Shape shape, Colour colour, double opacity) {
    tint(shape, colour, opacity, layer, layer, 0);
  }

  /** Paints a shape flat, or as glass, and gives its pixels to the layer. */
  public void flat(int layer, Shape shape, Colour colour, double opacity) {
    Stencil stencil = cut(shape, 0);
    if (stencil != null) {
      canvas.paint(stencil, ink(colour, opacity), layer);
    }
  }

  /** A shadow on the ground, or on the figure behind. */
  public void shadow(Shape shape, double opacity, double softness) {
    tint(shape, Colour.BLACK, opacity, 0, first - 1, softness);
  }

  private void tint(Shape shape, Colour colour, double opacity, int from, int to, double softness) {
    int radius = softness == 0 ? 0 : pixels(softness);
    Stencil stencil = cut(shape, 2 * radius);
    if (stencil == null) {
      return;
    }
    canvas.tint(radius == 0 ? stencil : soft(stencil, radius), ink(colour, opacity), from, to);
  }

  /** The soft shadow that a shape throws on the parts of the figure below it. */
  private void cast(Shape shape) {
    int radius = pixels(0.7);
    Stencil stencil = cut(shape, 2 * radius);
    if (stencil != null) {
      Stencil soft = soft(stencil, radius);
      Stencil moved =
          new Stencil(
              soft.left() - (int) Math.round(light.x() * radius),
              soft.top() - (int) Math.round(light.y() * radius),
              soft.width(),
              soft.height(),
              soft.coverage());
      canvas.tint(moved, ink(Colour.hex("1a1020"), CAST), first, Integer.MAX_VALUE);
    }
  }

  private static Stencil soft(Stencil s, int radius) {
    return new Stencil(s.left(), s.top(), s.width(), s.height(), s.blurred(radius));
  }

  private Stencil cut(Shape shape, int margin) {
    return Stencil.of(shape, place, canvas.width, canvas.height, margin);
  }

  private int pixels(double units) {
    return Math.max(1, (int) Math.round(units * place.scale()));
  }

  private static Canvas.Ink ink(Colour colour, double opacity) {
    return (x, y, out) -> {
      out[0] = colour.r();
      out[1] = colour.g();
      out[2] = colour.b();
      out[3] = opacity;
    };
  }

  private static double lit(double value, double gain, double shine) {
    double lit = value * gain;
    return lit + (1 - lit) * shine;
  }

  private static double value(Stencil s, byte[] soft, int x, int y) {
    int column = x - s.left();
    int row = y - s.top();
    if (column < 0 || row < 0 || column >= s.width() || row >= s.height()) {
      return 0;
    }
    return (soft[row * s.width() + column] & 255) / 255.0;
  }
}
