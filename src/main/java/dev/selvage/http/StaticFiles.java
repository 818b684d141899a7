package dev.selvage.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files of a page: those that a folder of the program's resources holds at the start, and no
 * others, whatever a path says.
 */
public final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8",
          "woff2", "font/woff2");

  private final Map<String, Response> files = new TreeMap<>();

  private StaticFiles() {}

  /**
   * Takes all files below a folder of resources.
   *
   * @param folder such as {@code /studio}
   * @throws IllegalArgumentException there is none, or a file's kind is not known
   */
  public static StaticFiles below(String folder) {
    URL place = StaticFiles.class.getResource(folder);
    if (place == null) {
      throw new IllegalArgumentException("there are no resources at " + folder);
    }
    try {
      URI uri = place.toURI();
      if (!uri.getScheme().equals("jar")) {
        return of(folder, names(Path.of(uri)));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return of(folder, names(jar.getPath(folder)));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the resources at %s cannot be read".formatted(folder), e);
    }
  }

  /**
   * Takes some files of a folder of resources.
   *
   * @param names below the folder, with / between folders
   * @throws IllegalArgumentException one is missing, or its kind is not known
   */
  public static StaticFiles of(String folder, Collection<String> names) {
    StaticFiles files = new StaticFiles();
    for (String name : names) {
      String kind = name.substring(name.lastIndexOf('.') + 1);
      if (!TYPES.containsKey(kind)) {
        throw new IllegalArgumentException("the kind of %s is not known".formatted(name));
      }
      files.files.put(name, Response.bytes(TYPES.get(kind), read(folder + "/" + name)).cached());
    }
    return files;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }

  private static byte[] read(String resource) {
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no resource " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(resource + " cannot be read", e);
    }
  }

  /** The names of all files, below the folder. */
  public Collection<String> names() {
    return files.keySet();
  }

  /**
   * A route for each file, and one for the folder itself where it has {@code index.html}.
   *
   * @param prefix of the paths, such as {@code /} or {@code /assets/}
   */
  public Routes routes(String prefix) {
    Routes routes = new Routes();
    files.forEach((name, response) -> routes.get(prefix + name, request -> response));
    if (files.containsKey("index.html")) {
      routes.get(prefix, request -> files.get("index.html"));
    }
    return routes;
  }
}
