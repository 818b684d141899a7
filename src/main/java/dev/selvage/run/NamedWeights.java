package dev.selvage.run;

import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The weight file that a user names. */
public final class NamedWeights {
  private NamedWeights() {}

  /**
   * The weight file of a value of {@code --weights}: a file; the last complete epoch of a run,
   * given by its folder or as {@code last}; or {@code best}, the best epoch of the latest run.
   *
   * @param runs the folder of runs, which need not exist
   * @throws UserError if there is none
   */
  public static Path find(Path runs, String weights) {
    if (weights.equals("last") || weights.equals("best")) {
      RunFolder run =
          RunFolder.last(runs, null)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--weights %s: expected a run in %s, found none"
                              .formatted(weights, runs)));
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
