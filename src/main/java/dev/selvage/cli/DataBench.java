package dev.selvage.cli;

import dev.selvage.bench.CsvBench;
import dev.selvage.bench.LoaderBench;
import dev.selvage.bench.PhotoBench;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.config.Config;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The benchmarks of reading data, which need no model. */
final class DataBench {
  static final List<String> NAMES = List.of("csv", "loader", "photo");

  static final Option ROWS =
      Arguments.value("rows", "N", "csv: rows of the train.csv to make and read (default 331000)");
  static final Option PHOTOS =
      Arguments.value("photos", "N", "loader: photos to load both ways (default 200)");

  private DataBench() {}

  static Map<String, Double> run(CommandLine line, String what, Config config) {
    return switch (what) {
      case "csv" -> CsvBench.run(Arguments.integer(line, "rows", 331000, 1));
      case "loader" ->
          LoaderBench.run(
              DatasetOptions.open(line), config, Arguments.integer(line, "photos", 200, 1));
      default -> PhotoBench.run(config);
    };
  }
}
