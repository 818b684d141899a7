package dev.selvage.util;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files that Java cannot read or write: it knows only the characters of the locale's
 * encoding, which under the POSIX locale is ASCII.
 */
public final class FileNames {
  private static final String ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

  /** Stands for what could not be decoded. */
  private static final String REPLACEMENT = "\uFFFD";

  private FileNames() {}

  /**
   * Checks a file of a folder.
   *
   * @throws UserError its name on the disk is not the one that Java gives it
   */
  public static void requireReadable(Path file) {
    String name = file.getFileName().toString();
    if (name.contains(REPLACEMENT) && !isWhole(file.getFileName(), name)) {
      throw unknown(file.toString());
    }
  }

  private static boolean isWhole(Path file, String name) {
    try {
      return Path.of(name).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Checks an argument of the command line.
   *
   * @throws UserError it has characters that the locale's encoding lacks
   */
  public static void requireReadable(String argument) {
    if (!isUtf8() && argument.contains(REPLACEMENT)) {
      throw unknown(argument);
    }
  }

  /** Whether a name would be one of a file in a better locale. */
  public static boolean isLocaleAtFault(InvalidPathException e) {
    return !isUtf8() && !e.getInput().contains("\0");
  }

  /** The complaint about a name that is no path here. */
  public static UserError unusable(InvalidPathException e) {
    return isLocaleAtFault(e)
        ? unknown(e.getInput())
        : new UserError("expected the name of a file, found \"%s\"".formatted(e.getInput()), e);
  }

  private static UserError unknown(String name) {
    return new UserError(
        isUtf8()
            ? "expected names of files in UTF-8, found \"%s\"; rename it".formatted(name)
            : "expected a locale that has the characters of the file name \"%s\", found one with the encoding %s; set the environment variable LC_ALL=C.UTF-8"
                .formatted(name, ENCODING));
  }

  private static boolean isUtf8() {
    return ENCODING.equalsIgnoreCase("UTF-8");
  }
}
