package dev.selvage.cli;

import dev.selvage.util.TestJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Training by processes of their own, whose words go to a file next to the run. */
final class TrainingProcess {
  private TrainingProcess() {}

  /**
   * The words of a command line.
   *
   * @param java options of Java
   * @param settings each KEY=VALUE
   */
  static List<String> command(Path data, Path run, List<String> java, List<String> settings) {
    List<String> line = TestJava.selvage(java.toArray(String[]::new));
    line.addAll(List.of("train", "--data", data.toString(), "--run", run.toString()));
    settings.forEach(setting -> line.addAll(List.of("--set", setting)));
    return line;
  }

  /** Where to write what a training says. */
  static Path log(Path run) {
    return run.resolveSibling(run.getFileName() + ".said");
  }

  /** What it has said so far. */
  static String said(Path run) {
    try {
      return Files.readString(log(run));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
