package dev.selvage.studio.runs;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How to call this program: as words for a process of its own, and as a line for a shell. */
final class Program {
  private static final String MAIN = "dev.selvage.cli.Main";

  private Program() {}

  /** The words that start this program with other arguments. */
  static List<String> words(List<String> arguments) {
    List<String> words =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    if (isJar()) {
      words.addAll(List.of("-jar", System.getProperty("java.class.path")));
    } else {
      words.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    }
    words.addAll(arguments);
    return words;
  }

  /** A line for a shell, as a user types it. */
  static String line(List<String> arguments) {
    return Stream.concat(
            Stream.of(
                "java", "-jar", isJar() ? System.getProperty("java.class.path") : "selvage.jar"),
            arguments.stream())
        .map(Program::quoted)
        .collect(Collectors.joining(" "));
  }

  /** Whether the program was started from its jar alone, not from classes and libraries. */
  private static boolean isJar() {
    try {
      Path origin =
          Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path started = Path.of(System.getProperty("java.class.path"));
      return Files.isRegularFile(started) && Files.isSameFile(started, origin);
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A word that a shell of Unix reads as it is. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
