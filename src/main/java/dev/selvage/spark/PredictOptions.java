package dev.selvage.spark;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.command.CommandParser;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The options of {@link Predict}, and its help. */
final class PredictOptions implements Command {
  /** Those that are not about the model. */
  private static final List<String> OTHERS = List.of("images", "table", "column", "out", "format");

  private static final String PARQUET = "parquet";

  /**
   * Reads the options.
   *
   * @throws UserError one is wrong, or names a file that cannot be read
   */
  static CommandLine parse(List<String> words, Configuration hadoop) {
    return CommandParser.parse(new PredictOptions(), FetchedFiles.in(words, hadoop));
  }

  /** The same for options that are about the model alone. */
  static CommandLine parseModel(List<String> words, Configuration hadoop) {
    CommandLine line = parse(words, hadoop);
    for (String option : OTHERS) {
      if (line.hasOption(option)) {
        throw new UserError(
            "option --%s: expected options about the model alone".formatted(option));
      }
    }
    return line;
  }

  /**
   * The URI of {@code --out}.
   *
   * @throws UserError something is there
   */
  static String out(CommandLine line, Configuration hadoop) {
    String out = Arguments.required(line, "out");
    try {
      Path path = new Path(out);
      if (path.getFileSystem(hadoop).exists(path)) {
        throw new UserError(
            "--out: expected a folder that is not there yet, found one at %s".formatted(out));
      }
      return out;
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "--out: expected a folder that can be made, found %s (%s)".formatted(out, e.getMessage()),
          e);
    }
  }

  /** Spark's name of the format of the rows. */
  static String format(CommandLine line) {
    return Arguments.choice(line, "format", PARQUET, PARQUET, "json");
  }

  @Override
  public String name() {
    return "predict";
  }

  @Override
  public String start() {
    return "spark-submit --class dev.selvage.spark.Predict selvage.jar";
  }

  @Override
  public String summary() {
    return "detect garments in many photos with Spark";
  }

  @Override
  public String usage() {
    return "--weights W --images URI --out URI [options]";
  }

  @Override
  public List<String> examples() {
    return List.of();
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            Arguments.value(
                "images",
                "URI",
                "a photo, a folder with all folders in it, or a pattern such as photos/*.jpg"),
            Arguments.value(
                "table",
                "URI",
                "a table of photos in place of --images: .csv with a header, .json with an object per"
                    + " line, else Parquet"),
            Arguments.value("column", "NAME", "the table's column with the URI of each photo"))
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(Section.MODEL, TrainedModels.TUNED, TrainedModels.VIEWS)
        .add(
            Section.OUTPUT,
            Arguments.value("out", "URI", "folder for the rows, which is not there yet"),
            Arguments.value("format", "NAME", "parquet or json", PARQUET));
  }

  @Override
  public void run(CommandLine line) {
    throw new UnsupportedOperationException("spark-submit runs it");
  }
}
