package dev.selvage.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.model.ParameterTable;
import dev.selvage.run.WeightsInfo;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.Printable;
import dev.selvage.util.UserError;
import dev.selvage.weights.ArraySummary;
import dev.selvage.weights.files.WeightFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** {@code weights}: lists the arrays of a weight file, or converts it. */
final class WeightsCommand implements Command {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Option OUT =
      Arguments.value(
          "out",
          "OUT.h5",
          "write the weights to this file, in Keras' layout, instead of listing them");

  @Override
  public String name() {
    return "weights";
  }

  @Override
  public String summary() {
    return "list the layers of a weight file (.h5, .pth, .pkl), or convert it to .h5";
  }

  @Override
  public String usage() {
    return "FILE [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("weights mask_rcnn_coco.h5", "weights maskrcnn_resnet50_fpn.pth --out coco.h5");
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.MODEL,
            Arguments.value(
                "preset", "NAME", "with --out: check that the file has all layers of this model"),
            Arguments.value("config", "FILE", "with --out: the same for the settings of a file"),
            Arguments.repeatable("set", "KEY=VALUE", "with --out: the same with one setting"))
        .add(Section.OUTPUT, OUT, Arguments.JSON);
  }

  @Override
  public boolean usesPictures() {
    return false;
  }

  @Override
  public void run(CommandLine line) {
    Path file = Path.of(line.getArgList().get(0));
    List.of("preset", "config", "set")
        .forEach(name -> Arguments.requireTogether(line, name, "out"));
    if (line.hasOption(OUT)) {
      convert(line, file, Path.of(line.getOptionValue(OUT)));
      return;
    }
    WeightFiles.Contents contents = WeightFiles.inspect(file);
    Optional<WeightsInfo> info = WeightsInfo.of(file, contents.texts());
    if (line.hasOption(Arguments.JSON)) {
      Map<String, Object> json = json(file, contents);
      info.ifPresent(i -> json.put("trained", tree(i.json())));
      Arguments.printJson(json);
    } else {
      print(contents);
      info.ifPresent(WeightsCommand::print);
    }
  }

  private static void convert(CommandLine line, Path file, Path out) {
    WeightFiles.Origin origin = WeightFiles.origin(file);
    Config config = config(line, file);
    if (config != null) {
      requireSettings(file, origin, config);
    }
    WeightFiles.convert(
        file, out, config == null ? null : ParameterTable.of(config), texts(origin));
    WeightFiles.Contents contents = WeightFiles.inspect(out);
    String name = out.getFileName().toString().replaceFirst("\\.h5$", "");
    Path settings = out.resolveSibling(name + ".settings.json");
    if (!origin.settings().isEmpty()) {
      write(origin.settings(), settings);
    }
    if (line.hasOption(Arguments.JSON)) {
      Map<String, Object> json = json(out, contents);
      json.put("from", origin.format());
      json.put("settings", origin.settings());
      json.put("differences", origin.differences());
      Arguments.printJson(json);
      return;
    }
    System.out.printf(
        "%s: %,d weights in %d arrays%s, from %s%n",
        out, contents.total(), contents.arrays().size(), classes(contents), origin.format());
    if (!origin.settings().isEmpty()) {
      System.out.printf(
          "%s: the settings for these weights; for train, pass them with --config%n", settings);
    }
    if (!origin.differences().isEmpty()) {
      System.out.println("Differences from the model that the weights were trained in:");
      origin.differences().forEach(d -> System.out.printf("  %s%n", d));
    }
  }

  /** A converted file keeps what it says, or gets the settings that its weights need. */
  private static Map<String, String> texts(WeightFiles.Origin origin) {
    if (origin.settings().isEmpty()) {
      return origin.texts();
    }
    Map<String, Object> settings = new LinkedHashMap<>(origin.settings());
    origin.classes().ifPresent(classes -> settings.put("NUM_CLASSES", classes));
    return WeightsInfo.texts(settings);
  }

  private static String classes(WeightFiles.Contents contents) {
    return contents.arrays().stream()
        .filter(a -> a.layer().equals("mrcnn_class_logits") && a.part().equals("bias"))
        .map(a -> " for %d classes".formatted(a.count()))
        .findFirst()
        .orElse("");
  }

  /** Weights from another library need certain settings. */
  private static void requireSettings(Path file, WeightFiles.Origin origin, Config config) {
    JsonNode found = tree(ConfigWriter.toJson(config, Map.of()));
    origin
        .settings()
        .forEach(
            (key, value) -> {
              JsonNode expected = MAPPER.valueToTree(value);
              if (!expected.toString().equals(found.get(key).toString())) {
                throw new UserError(
                    "%s: expected %s to be %s for weights from %s, found %s"
                        .formatted(file, key, expected, origin.format(), found.get(key)));
              }
            });
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Map<String, Object> settings, Path target) {
    try {
      ByteBuffer json =
          ByteBuffer.wrap(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(settings));
      AtomicFile.write(target, json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The settings that the options describe, or null without such options. */
  private static Config config(CommandLine line, Path file) {
    boolean described = List.of("preset", "config", "set").stream().anyMatch(line::hasOption);
    return described ? ConfigOptions.read(line, file.resolveSibling("config.json")).config() : null;
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
    int width = contents.arrays().stream().mapToInt(a -> name(a).length()).max().orElse(1);
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

  /** The training, the classes, and the settings that differ from Matterport's. */
  private static void print(WeightsInfo info) {
    info.training()
        .ifPresent(
            t ->
                System.out.printf(
                    "%ntrained on %d photos of %s, seed %d%n", t.photos(), t.dataset(), t.seed()));
    if (!info.categories().isEmpty()) {
      System.out.printf(
          "classes: %s%n",
          info.categories().stream().map(Category::name).collect(Collectors.joining("; ")));
    }
    JsonNode defaults = tree(ConfigWriter.toJson(Config.defaults(), Map.of()));
    System.out.println("settings, where they differ from Matterport's:");
    for (Map.Entry<String, JsonNode> setting : tree(info.json()).properties()) {
      JsonNode usual = defaults.get(setting.getKey());
      if (usual != null && !usual.equals(setting.getValue())) {
        System.out.printf("  %s = %s%n", setting.getKey(), setting.getValue());
      }
    }
  }

  private static String name(ArraySummary a) {
    String name = a.layer() + "/" + a.part();
    return Printable.line(a.group().equals(a.layer()) ? name : a.group() + "/" + name);
  }
}
