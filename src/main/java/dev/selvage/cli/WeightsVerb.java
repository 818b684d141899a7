package dev.selvage.cli;

import dev.selvage.model.LayerTable;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.weights.ArraySummary;
import dev.selvage.weights.WeightFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** {@code weights}: looks into a weight file, or writes it anew. */
final class WeightsVerb implements Verb {
  private static final Option OUT =
      Arguments.value(
          "out", "OUT.h5", "write the weights there, in Keras' layout, instead of listing them");

  @Override
  public String name() {
    return "weights";
  }

  @Override
  public String summary() {
    return "lists the layers of a weight file with shapes, mean and spread, or converts it";
  }

  @Override
  public String usage() {
    return "FILE [--out OUT.h5] [options]";
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public Options options() {
    return Arguments.with(
        OUT,
        Arguments.value(
            "preset",
            "NAME",
            "with --out: the file must have all layers of the model that this preset describes"),
        Arguments.value("config", "FILE", "with --out: likewise, with the settings of this file"),
        Arguments.value("set", "KEY=VALUE", "with --out: likewise, with this setting"),
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path file = Path.of(line.getArgList().get(0));
    if (line.hasOption(OUT)) {
      Path out = Path.of(line.getOptionValue(OUT));
      WeightFiles.convert(file, out, model(line, file));
      file = out;
    }
    WeightFiles.Contents contents = WeightFiles.inspect(file);
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(json(file, contents));
    } else if (line.hasOption(OUT)) {
      System.out.printf(
          "%s: %,d weights in %d arrays%n", file, contents.total(), contents.arrays().size());
    } else {
      print(contents);
    }
  }

  /** The model that the options describe, or null where they describe none. */
  private static List<ParameterSpec> model(CommandLine line, Path file) {
    boolean described = List.of("preset", "config", "set").stream().anyMatch(line::hasOption);
    return described
        ? LayerTable.of(Settings.read(line, file.resolveSibling("config.json")).config())
        : null;
  }

  private static Map<String, Object> json(Path file, WeightFiles.Contents contents) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("format", contents.format());
    json.put("total", contents.total());
    json.put("arrays", contents.arrays());
    return json;
  }

  private static void print(WeightFiles.Contents contents) {
    int width = contents.arrays().stream().mapToInt(a -> name(a).length()).max().orElse(0);
    String row = "%-" + width + "s  %-16s %,12d %12.4g %11.4g %12.4g %11.4g%s%n";
    System.out.printf(
        "%-" + width + "s  %-16s %12s %12s %11s %12s %11s%n",
        "",
        "shape",
        "count",
        "mean",
        "std",
        "min",
        "max");
    for (ArraySummary a : contents.arrays()) {
      String shape = a.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
      String broken = a.nonFinite() == 0 ? "" : "  " + a.nonFinite() + " not finite";
      System.out.printf(
          row, name(a), shape, a.count(), a.mean(), a.std(), a.min(), a.max(), broken);
    }
    System.out.printf(
        "%n%s: %,d numbers in %d arrays of %d layers%n",
        contents.format(),
        contents.total(),
        contents.arrays().size(),
        contents.arrays().stream().map(ArraySummary::layer).distinct().count());
  }

  private static String name(ArraySummary a) {
    return (a.group().equals(a.layer()) ? "" : a.group() + "/") + a.layer() + "/" + a.part();
  }
}
