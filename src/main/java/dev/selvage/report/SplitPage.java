package dev.selvage.report;

import dev.selvage.inspect.SplitComparison;
import dev.selvage.report.BarChart.Marker;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A split as a page with plots: how its two parts compare. */
public final class SplitPage {
  /** Room for the names of classes next to the bars. */
  private static final int NAME_WIDTH = 270;

  private static final List<Marker> NONE = List.of();

  private SplitPage() {}

  /**
   * Writes the page.
   *
   * @param dataset its name
   * @throws dev.selvage.util.UserError it cannot be written
   */
  public static void write(Path file, String dataset, SplitComparison sides) {
    HtmlPage page = new HtmlPage(dataset + ": training and validation split");
    page.section("Classes", classes(sides));
    objects(page, sides);
    page.write(file);
  }

  /** What the page says of the classes. */
  static String classes(SplitComparison sides) {
    return String.format(
            Locale.ROOT,
            "<p>Share of the photos that show each class. Upper bars: the %,d training photos; lower bars:"
                + " the %,d validation photos. On average the shares differ from those of the"
                + " whole dataset by %.2f percentage points (in a random split: %.2f).</p>",
            sides.train(),
            sides.valid(),
            100 * sides.error(),
            100 * sides.randomError())
        + BarChart.pairs(sides, NAME_WIDTH);
  }

  /** And of the objects per photo, in two sections side by side. */
  static void objects(HtmlPage page, SplitComparison sides) {
    page.add("<div class='columns'>")
        .section(
            "Objects per training photo",
            BarChart.histogram(sides.trainObjects(), "objects", true, NONE))
        .section(
            "Objects per validation photo",
            BarChart.histogram(sides.validObjects(), "objects", true, NONE))
        .add("</div>");
  }
}
