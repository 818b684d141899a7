package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.DatasetLint;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitFile;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunLock;
import dev.selvage.run.RunSplit;
import java.util.List;
import java.util.function.Consumer;

/** Continues a run from its folder. */
public final class ResumedRun {
  private ResumedRun() {}

  /**
   * Continues a run from the latest state that was saved.
   *
   * @param config its settings from here on
   * @param seed null for the run's own
   * @param command the command line, for the record
   * @param remarks takes sentences for the user
   * @throws dev.selvage.util.UserError if the dataset or what the run cannot change has changed, if
   *     another training has the folder, or if no state can be used
   */
  public static TrainingRun open(
      RunFolder folder,
      Config config,
      Dataset dataset,
      Long seed,
      String command,
      Consumer<String> remarks) {
    RunLock lock = RunLock.take(folder.dir());
    try {
      return open(folder, lock, config, dataset, seed, command, remarks);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static TrainingRun open(
      RunFolder folder,
      RunLock lock,
      Config config,
      Dataset dataset,
      Long seed,
      String command,
      Consumer<String> remarks) {
    RunInfo info = RunInfo.read(folder.config());
    Config before = ConfigReader.read(null, folder.config(), List.of());
    ResumeCompatibility.require(folder, info, before, dataset, config, seed);
    List<String> findings = DatasetLint.check(dataset, config);
    Split split = RunSplit.of(folder.dir(), dataset, config, info.seed());
    TrainingRun run =
        new TrainingRun(
            folder, lock, config, new EmaWeights(config), dataset, split, info.seed(), remarks);
    try {
      run.restore();
      // the fingerprint before the names of the split, which one of an older version is made of
      ConfigWriter.write(config, info.continuedBy(command, dataset).about(), folder.config());
      SplitFile.write(RunSplit.file(folder.dir()), split, dataset);
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
    ResumeCompatibility.changes(before, config).forEach(remarks);
    findings.forEach(remarks);
    return run;
  }
}
