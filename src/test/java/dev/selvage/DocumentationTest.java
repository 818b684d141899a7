package dev.selvage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of the documentation lead somewhere, and its map of the code is complete. */
class DocumentationTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);

  @Test
  void everyRelativeLinkResolves() throws IOException {
    List<Path> pages =
        new ArrayList<>(
            List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<String> broken = new ArrayList<>();
    int followed = 0;
    for (Path page : pages) {
      Matcher link = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        if (!link.group(1).startsWith("https://")) {
          followed++;
          if (!resolves(page, link.group(1))) {
            broken.add(page + ": " + link.group(1));
          }
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(followed > 20, "too few links found: " + followed);
  }

  @Test
  void theMapNamesEveryPackage() throws IOException {
    String map = Files.readString(Path.of("docs/architecture.md"));
    Path root = Path.of("src/main/java/dev/selvage");
    List<String> missing;
    try (Stream<Path> files = Files.walk(root)) {
      missing =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(file -> root.relativize(file.getParent()).toString().replace('/', '.'))
              .filter(name -> !map.contains("`" + name + "`"))
              .filter(name -> !map.contains("`" + name.replaceFirst("\\..*", "") + "` and below"))
              .sorted()
              .toList();
    }
    assertEquals(List.of(), missing);
  }

  private static boolean resolves(Path page, String target) throws IOException {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** A page's headings as GitHub makes anchors of them. */
  private static List<String> anchors(Path page) throws IOException {
    return CODE.matcher(Files.readString(page))
        .replaceAll("")
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
