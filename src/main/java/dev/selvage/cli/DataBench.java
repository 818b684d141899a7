package dev.selvage.cli;

import dev.selvage.bench.CsvBench;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The benchmarks of reading data, which need no model. */
final class DataBench {
  static final List<String> NAMES = List.of("csv");

  static final Option ROWS =
      Arguments.value("rows", "N", "csv: rows of the train.csv to make and read (default 331000)");

  private DataBench() {}

  static Map<String, Double> run(CommandLine line, String what) {
    return CsvBench.run(Arguments.integer(line, "rows", 331000, 1));
  }
}
