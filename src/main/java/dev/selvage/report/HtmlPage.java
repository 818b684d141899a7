package dev.selvage.report;

import dev.selvage.util.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An HTML page that needs no other file: a title and what is added below it. */
final class HtmlPage {
  private final StringBuilder html = new StringBuilder();

  HtmlPage(String title) {
    html.append("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width,initial-scale=1'><title>")
        .append(BarChart.escape(title))
        .append("</title><style>")
        .append(style())
        .append("</style></head><body><main>\n<h1>")
        .append(BarChart.escape(title))
        .append("</h1>\n");
  }

  HtmlPage add(String part) {
    html.append(part);
    return this;
  }

  HtmlPage section(String title, String body) {
    return add("<section><h2>").add(title).add("</h2>").add(body).add("</section>\n");
  }

  /** Throws {@link dev.selvage.util.UserError} where it cannot be written. */
  void write(Path file) {
    AtomicFile.write(file, html + "</main></body></html>\n");
  }

  private static String style() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the page's style sheet cannot be read", e);
    }
  }
}
