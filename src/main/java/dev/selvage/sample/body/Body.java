package dev.selvage.sample.body;

import dev.selvage.sample.paint.Colour;
import dev.selvage.sample.paint.RandomChoices;
import java.util.List;

/**
 * The proportions and colours of a figure, in figure units.
 *
 * @param girth factor on the thickness of limbs and trunk
 * @param shoulder half the width of the shoulders
 */
public record Body(
    double girth,
    double shoulder,
    double waist,
    double hip,
    Colour skin,
    Colour hair,
    Hair.Style style,
    boolean beard,
    boolean lashes) {
  private static final List<String> SKINS =
      List.of("f7d6bd", "efbf9b", "e0a77c", "c98d5f", "a86d45", "7f4f33", "5e3a27");
  private static final List<String> HAIRS =
      List.of(
          "2a1f24", "2a1f24", "3d2820", "5a3726", "7b4c2c", "a8733d", "d1a35d", "8e3d25", "b8b2ac",
          "c96f86");

  public static Body random(RandomChoices random) {
    boolean broad = random.chance(0.5);
    double girth = random.between(0.92, 1.14);
    int tone = random.whole(0, SKINS.size() - 1);
    Colour hair = Colour.hex(HAIRS.get(tone > 3 ? random.whole(0, 3) : random.whole(0, 9)));
    boolean beard = broad && random.chance(0.4);
    Hair.Style style =
        broad
            ? random.pick(Hair.Style.SHORT, Hair.Style.SHORT, Hair.Style.QUIFF, Hair.Style.CURLS)
            : random.pick(
                Hair.Style.BOB,
                Hair.Style.LONG,
                Hair.Style.LONG,
                Hair.Style.BUN,
                Hair.Style.PONYTAIL,
                Hair.Style.CURLS);
    return new Body(
        girth,
        girth * (broad ? random.between(9.4, 10.2) : random.between(8.3, 9.1)),
        girth * (broad ? random.between(7.2, 7.8) : random.between(6.2, 6.9)),
        girth * (broad ? random.between(7.9, 8.4) : random.between(8.4, 9.2)),
        Colour.hex(SKINS.get(tone)),
        hair,
        style,
        beard,
        !broad);
  }

  /** Half the width of the trunk at a height, 0 at the hip joints and 1 at the base of the neck. */
  public double width(double h) {
    double[] heights = {-0.2, 0, 0.38, 0.72, 0.86};
    double[] widths = {hip + 0.5, hip, waist, 0.5 * (shoulder + waist) + 0.5, shoulder - 0.5};
    if (h <= heights[0]) {
      return widths[0];
    }
    for (int i = 1; i < heights.length; i++) {
      if (h < heights[i]) {
        double t = (h - heights[i - 1]) / (heights[i] - heights[i - 1]);
        t = t * t * (3 - 2 * t);
        return widths[i - 1] + (widths[i] - widths[i - 1]) * t;
      }
    }
    return widths[heights.length - 1];
  }
}
