package dev.selvage.report;

import static dev.selvage.report.HtmlPage.escape;

import dev.selvage.inspect.AnchorFit;
import dev.selvage.inspect.Finding;
import dev.selvage.inspect.Inspection;
import dev.selvage.report.BarChart.Marker;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** An inspection as one HTML page that needs no other file. */
public final class InspectionPage {
  /** Room for the names of classes and attributes next to the bars. */
  private static final int NAME_WIDTH = 270;

  private InspectionPage() {}

  /**
   * Writes the page.
   *
   * @param contactSheet a JPEG that becomes part of it
   * @throws UserError it cannot be written
   */
  public static void write(Path file, Inspection i, Path contactSheet) {
    HtmlPage page = new HtmlPage(i.dataset());
    page.add(tiles(i));
    page.section("Findings", findings(i.findings()));
    page.add("<div class='columns'>");
    page.section(
        "Objects per photo", BarChart.histogram(i.objectsPerPhoto(), "objects", true, List.of()));
    page.section(
        "Longest side of the photos",
        BarChart.histogram(i.longestSides(), "pixels", false, List.of()));
    page.section(
        "Sizes of the boxes and of the current anchors",
        BarChart.histogram(
            i.boxSizes(),
            "square root of the box area, pixels of the model's input image",
            false,
            scales(i)));
    page.section(
        "Shapes of the boxes and of the current anchors",
        BarChart.histogram(i.boxRatios(), "width / height", false, ratios(i)));
    page.add("</div>");
    page.section("Anchors", anchors(i));
    page.section("Training and validation split", SplitPage.classes(i.sides()));
    SplitPage.objects(page, i.sides());
    page.add("<div class='columns'>");
    page.section("Classes", BarChart.ranking(i.classes(), NAME_WIDTH));
    page.section(
        "Attributes",
        i.attributes().isEmpty()
            ? "<p>The dataset has no attributes.</p>"
            : BarChart.ranking(i.attributes(), NAME_WIDTH));
    page.add("</div>");
    page.section(
        "Photos",
        "<img alt='photos with their masks' src='data:image/jpeg;base64,"
            + base64(contactSheet)
            + "'>");
    page.write(file);
  }

  private static String tiles(Inspection i) {
    StringBuilder html = new StringBuilder("<div class='tiles'>");
    tile(html, i.photos(), "photos");
    tile(html, i.objects(), "objects");
    tile(html, i.classes().stream().filter(c -> c.count() > 0).count(), "classes in use");
    tile(html, i.rows(), "annotations");
    for (Finding.Severity severity : Finding.Severity.values()) {
      long count = i.findings().stream().filter(f -> f.severity() == severity).count();
      tile(html, count, name(severity) + (count == 1 ? "" : "s"));
    }
    return html.append("</div>\n").toString();
  }

  private static void tile(StringBuilder html, long value, String what) {
    html.append(
        String.format(
            Locale.ROOT, "<div class='tile'><b>%,d</b><span>%s</span></div>", value, what));
  }

  private static String findings(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "<p>No problems found.</p>";
    }
    StringBuilder html = new StringBuilder();
    for (Finding finding : findings) {
      String severity = name(finding.severity());
      html.append(
          String.format(
              Locale.ROOT,
              "<details><summary><span class='badge %s'>%s</span> %s <b>%,d</b></summary><ul>",
              severity,
              severity,
              escape(finding.title()),
              finding.count()));
      finding.examples().forEach(e -> html.append("<li>").append(escape(e)).append("</li>"));
      int more = finding.count() - finding.examples().size();
      if (more > 0) {
        html.append("<li>and ").append(more).append(" more</li>");
      }
      html.append("</ul></details>\n");
    }
    return html.toString();
  }

  private static String name(Finding.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static String anchors(Inspection i) {
    StringBuilder html =
        new StringBuilder(
            "<p>The best IoU of each box with any anchor, both centred on one point. In training,"
                + " anchors with an IoU of 0.7 or more are positive.</p><table><tr><th></th><th>scales</th>"
                + "<th>ratios</th><th>mean IoU</th><th>&ge; 0.5</th><th>&ge; 0.7</th></tr>");
    row(html, "current", i.configured());
    if (i.suggested() == null) {
      return html.append("</table><p>No other anchors fit clearly better.</p>").toString();
    }
    row(html, "suggested", i.suggested());
    return html.append(
            "</table><p>Anchors that fit better do not always train better. To try them: <code>")
        .append(i.suggested().options())
        .append("</code></p>")
        .toString();
  }

  private static void row(StringBuilder html, String name, AnchorFit fit) {
    html.append(
        String.format(
            Locale.ROOT,
            "<tr><td>%s</td><td>%s</td><td>%s</td><td>%.3f</td><td>%.1f%%</td><td>%.1f%%</td></tr>",
            name,
            list(fit.scales()),
            list(fit.ratios()),
            fit.mean(),
            100 * fit.atLeastHalf(),
            100 * fit.atLeastSeven()));
  }

  private static String list(int[] values) {
    List<String> texts = new ArrayList<>();
    for (int value : values) {
      texts.add(String.valueOf(value));
    }
    return String.join(", ", texts);
  }

  private static String list(float[] values) {
    List<String> texts = new ArrayList<>();
    for (float value : values) {
      texts.add(String.format(Locale.ROOT, "%.2f", value));
    }
    return String.join(", ", texts);
  }

  private static List<Marker> scales(Inspection i) {
    List<Marker> markers = new ArrayList<>();
    for (int scale : i.configured().scales()) {
      markers.add(new Marker(scale, String.valueOf(scale)));
    }
    return markers;
  }

  private static List<Marker> ratios(Inspection i) {
    List<Marker> markers = new ArrayList<>();
    for (float ratio : i.configured().ratios()) {
      markers.add(new Marker(ratio, String.format(Locale.ROOT, "%.2f", ratio)));
    }
    return markers;
  }

  private static String base64(Path picture) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(picture));
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(picture, e), e);
    }
  }
}
