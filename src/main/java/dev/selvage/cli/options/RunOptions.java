package dev.selvage.cli.options;

import dev.selvage.run.RunFolder;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The folder of runs, and the weight file that {@code --weights} names. */
public final class RunOptions {
  public static final Option RUNS =
      Arguments.value("runs", "DIR", "folder that contains the runs", "runs");

  private RunOptions() {}

  /** The folder of {@code --runs}, which need not exist. */
  public static Path folder(CommandLine line) {
    return Path.of(line.getOptionValue(RUNS, "runs"));
  }

  /**
   * Refuses {@code --runs} if it has no effect.
   *
   * @param used whether the command line asks for the latest run
   * @param user what would ask for it, for the message
   */
  public static void requireUse(CommandLine line, boolean used, String user) {
    if (line.hasOption(RUNS) && !used) {
      throw new UserError("option --runs has an effect only with %s".formatted(user));
    }
  }

  /**
   * The weight file that {@code --weights} names: a file; the last complete epoch of a run, given
   * by its folder or as {@code last}; or {@code best}, the best epoch of the latest run.
   *
   * @throws UserError if there is none
   */
  public static Path weights(CommandLine line, String weights) {
    if (weights.equals("last") || weights.equals("best")) {
      RunFolder run =
          RunFolder.last(folder(line), null)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--weights %s: expected a run in %s, found none"
                              .formatted(weights, folder(line))));
      return weights.equals("last") ? lastOf(run) : bestOf(run);
    }
    Path path = Path.of(weights);
    if (Files.isDirectory(path)) {
      return lastOf(
          RunFolder.open(path)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--weights: expected a run's folder with config.json, found none in %s"
                              .formatted(path))));
    }
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          "--weights: expected a weight file, a run's folder, last or best, found no file %s"
              .formatted(path));
    }
    return path;
  }

  private static Path bestOf(RunFolder run) {
    if (!Files.isRegularFile(run.best())) {
      throw new UserError(
          "--weights best: expected %s, which training writes if EVAL_EVERY is set, found none"
              .formatted(run.best()));
    }
    return run.best();
  }

  private static Path lastOf(RunFolder run) {
    OptionalInt epoch = run.lastComplete();
    if (epoch.isEmpty()) {
      epoch = run.lastComplete(); // a training may delete the one epoch that was listed
    }
    if (epoch.isEmpty()) {
      throw new UserError(
          "--weights: expected a complete epoch in %s, found none".formatted(run.dir()));
    }
    return run.checkpoint(epoch.getAsInt());
  }
}
