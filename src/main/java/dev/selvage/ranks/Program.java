package dev.selvage.ranks;

import dev.selvage.util.ContentHash;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Tells whether two processes run the same program. */
public final class Program {
  private static final int DIGITS = 16;

  private Program() {}

  /** A text that differs where anything in the jar does; "not packaged" outside of a jar. */
  public static String fingerprint() {
    try {
      Path source =
          Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(source) ? "not packaged" : fingerprint(source);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of names and checksums in the jar's directory, so that nothing is decompressed. */
  static String fingerprint(Path jar) {
    StringBuilder entries = new StringBuilder();
    try (ZipFile file = new ZipFile(jar.toFile())) {
      file.stream()
          .forEach(e -> entries.append(e.getName()).append(' ').append(e.getCrc()).append('\n'));
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(jar, e.getMessage()), e);
    }
    return ContentHash.of(entries.toString().getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
  }
}
