package dev.selvage.report;

import dev.selvage.util.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** An HTML page with its style sheet inside: a title and what is added below it. */
public final class HtmlPage {
  private final StringBuilder html = new StringBuilder();

  public HtmlPage(String title) {
    html.append("<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>")
        .append("<meta name='viewport' content='width=device-width,initial-scale=1'><title>")
        .append(escape(title))
        .append("</title><style>")
        .append(style())
        .append("</style></head><body><main>\n<h1>")
        .append(escape(title))
        .append("</h1>\n");
  }

  /** Adds HTML as it is. */
  public HtmlPage add(String part) {
    html.append(part);
    return this;
  }

  /** Adds a section with HTML in it. */
  public HtmlPage section(String title, String body) {
    return add("<section><h2>").add(title).add("</h2>").add(body).add("</section>\n");
  }

  /** Throws {@link dev.selvage.util.UserError} where it cannot be written. */
  public void write(Path file) {
    AtomicFile.write(file, html + "</main></body></html>\n");
  }

  private static String style() {
    return resource(HtmlPage.class, "page.css");
  }

  /** The text of a style sheet or a script that lies next to a class. */
  public static String resource(Class<?> neighbour, String name) {
    try (InputStream in = neighbour.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a part of the page cannot be read: " + name, e);
    }
  }

  /** Text as HTML, in an element or in an attribute with quotes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
