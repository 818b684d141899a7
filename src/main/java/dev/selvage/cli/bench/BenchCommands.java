package dev.selvage.cli.bench;

import dev.selvage.cli.command.CommandGroup;
import java.util.List;

/** The commands {@code bench ...}. */
public final class BenchCommands {
  private BenchCommands() {}

  public static CommandGroup group() {
    return new CommandGroup(
        "bench",
        "measure the speed of training, detection, single operations and data loading",
        List.of(
            new StepBenchCommand(),
            new ScaleBenchCommand(),
            new DetectBenchCommand(),
            new KernelBenchCommand(),
            new LoaderBenchCommand(),
            new CsvBenchCommand(),
            new PhotoBenchCommand()));
  }
}
