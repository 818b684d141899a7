package dev.selvage.data.image;

import java.util.ArrayDeque;
import java.util.Deque;

/** Names of photos as datasets and results state them: paths relative to some folder. */
public final class PhotoNames {
  private PhotoNames() {}

  /**
   * The same path in its shortest form, with {@code /} between folders: {@code ./own\a.jpg} becomes
   * {@code own/a.jpg}.
   */
  public static String normalise(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.replace('\\', '/').split("/")) {
      if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return (name.startsWith("/") ? "/" : "") + String.join("/", parts);
  }

  /** The file's own name, without folders. */
  public static String base(String name) {
    String path = name.replace('\\', '/');
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
