package dev.selvage.cli.bench;

import dev.selvage.bench.LoaderBench;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.config.Config;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code bench loader}: loading photos for training. */
final class LoaderBenchCommand implements Command {
  @Override
  public String name() {
    return "bench loader";
  }

  @Override
  public String summary() {
    return "time loading photos and masks, compared with decoding everything at full size";
  }

  @Override
  public String usage() {
    return "--data PATH [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("bench loader --data data/sample");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            DatasetOptions.DATA,
            DatasetOptions.IMAGES,
            Arguments.value("photos", "N", "photos to load each way", 200))
        .add(Section.MODEL, BenchOptions.SIZE)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Config config = BenchOptions.dataConfig(line);
    int photos = Arguments.integer(line, "photos", 200, 1);
    BenchOutput.print(line, LoaderBench.run(DatasetOptions.open(line), config, photos));
  }
}
