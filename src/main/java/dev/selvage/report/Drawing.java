package dev.selvage.report;

/** What charts are drawn with; x goes right and y down, in pixels of a sheet of given size. */
interface Drawing {
  /** Where a text's place is. */
  enum Anchor {
    LEFT,
    MIDDLE,
    RIGHT
  }

  /** How a line is drawn. */
  record Stroke(Colour colour, double width, boolean dashed) {}

  /** A line through points. */
  void curve(double[] x, double[] y, Stroke stroke);

  void dot(double x, double y, double radius, Colour colour);

  /**
   * A line of text.
   *
   * @param y of the line that the letters stand on
   * @param size pixels of a line
   */
  void text(double x, double y, String text, double size, Anchor anchor, Colour colour);

  /** Pixels that a text takes, about. */
  double textWidth(String text, double size);
}
