package dev.selvage.cli.bench;

import dev.selvage.bench.Measurement;
import dev.selvage.cli.options.Arguments;
import dev.selvage.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** Prints the values of a benchmark by name. */
final class BenchOutput {
  private BenchOutput() {}

  /**
   * The values by name. With several element types, each name begins with its type, and the first
   * type's time divided by each other type's is added.
   */
  static Map<String, Double> compare(List<DType> types, Map<DType, Measurement> found) {
    Measurement first = found.get(types.get(0));
    if (types.size() == 1) {
      return first.byName();
    }
    Map<String, Double> all = new LinkedHashMap<>();
    for (DType type : types) {
      found.get(type).byName().forEach((name, value) -> all.put(type.key() + " " + name, value));
    }
    for (DType type : types.subList(1, types.size())) {
      all.put(
          "time of %s over %s".formatted(types.get(0).key(), type.key()),
          first.medianMs() / found.get(type).medianMs());
    }
    return all;
  }

  /** Prints a table, or JSON where the command line asks for it. */
  static void print(CommandLine line, Map<String, Double> values) {
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(values);
    } else {
      values.forEach((name, value) -> System.out.printf("%-38s %12.3f%n", name, value));
    }
  }
}
