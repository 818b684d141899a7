package dev.selvage.cli.bench;

import dev.selvage.bench.PhotoBench;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code bench photo}: loading one very large photo. */
final class PhotoBenchCommand implements Command {
  @Override
  public String name() {
    return "bench photo";
  }

  @Override
  public String summary() {
    return "time loading one photo of 73 megapixels with 60 objects, as JPEG and as PNG";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("bench photo");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.MODEL, BenchOptions.SIZE)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    BenchOutput.print(line, PhotoBench.run(BenchOptions.dataConfig(line)));
  }
}
