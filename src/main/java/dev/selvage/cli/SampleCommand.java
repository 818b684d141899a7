package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.sample.SampleFolder;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code sample}: the embedded dataset. */
final class SampleCommand implements Command {
  @Override
  public String name() {
    return "sample";
  }

  @Override
  public String summary() {
    return "draws a small dataset of dressed people in Kaggle's layout";
  }

  @Override
  public String usage() {
    return "OUT [options]";
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public Options options() {
    return Arguments.with(
        Arguments.value(
            "images", "N", "photos to train on (default %d)".formatted(SampleFolder.IMAGES)),
        Arguments.value(
            "seed",
            "N",
            "the same seed draws the same bytes (default %d)".formatted(SampleFolder.SEED)));
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
            : "%s: this sample is there already".formatted(out));
  }
}
