package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.sample.SampleFolder;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code sample}: draws a small dataset. */
final class SampleCommand implements Command {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String summary() {
    return "draw a small dataset of dressed people, in Kaggle's layout";
  }

  @Override
  public String usage() {
    return "OUT [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("sample data/sample");
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            Arguments.value("images", "N", "photos to train on", SampleFolder.IMAGES),
            Arguments.value(
                "seed", "N", "random seed; the same seed draws the same bytes", SampleFolder.SEED));
  }

  @Override
  public void run(CommandLine line) {
    Path out = Path.of(line.getArgList().get(0));
    int images = Arguments.integer(line, "images", SampleFolder.IMAGES, 1);
    long seed = Arguments.seed(line, SampleFolder.SEED);
    boolean made = SampleFolder.make(out, images, seed);
    System.out.println(
        made
            ? "%s: drew %d photos".formatted(out, images)
            : "%s: this sample already exists".formatted(out));
  }
}
