package dev.selvage.cli.bench;

import dev.selvage.bench.CsvBench;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code bench csv}: opening a dataset. */
final class CsvBenchCommand implements Command {
  @Override
  public String name() {
    return "bench csv";
  }

  @Override
  public String summary() {
    return "time opening a dataset with a large train.csv, which the command generates";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("bench csv");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.DATA, Arguments.value("rows", "N", "rows of the train.csv", 331000))
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    BenchOutput.print(line, CsvBench.run(Arguments.integer(line, "rows", 331000, 1)));
  }
}
