package dev.selvage.cli.options;

import dev.selvage.run.NamedWeights;
import dev.selvage.util.UserError;
import java.nio.file.Path;
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
    return NamedWeights.find(folder(line), weights);
  }
}
