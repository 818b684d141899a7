package dev.selvage.cli;

import dev.selvage.bench.DetectBench;
import dev.selvage.bench.Measurement;
import dev.selvage.bench.StepBench;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code bench step}, {@code bench detect} and the benchmarks of reading data. */
final class BenchCommand implements Command {
  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "times a training step or a detection beside this machine's matrix product, or the reading of"
        + " data";
  }

  @Override
  public String usage() {
    return "step|detect|kernels|csv|loader|photo [options]";
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public Options options() {
    return Arguments.with(
        Arguments.value(
            "backbone", "NAME", "resnet18, resnet34, resnet50 or resnet101 (default resnet50)"),
        Arguments.value("size", "PIXELS", "side of the images (default 512)"),
        Arguments.value("batch", "N", "images (default 2, 1 for detect)"),
        Arguments.value(
            "layers",
            "LAYERS",
            "what is trained: heads, 3+, 4+, 5+, all or a regular expression (default all)"),
        Arguments.value(
            "rois",
            "N",
            "regions of an image: 200 to train on, a third of them positive; 1000 proposals"),
        Arguments.value("objects", "N", "detections of an image (default 10)"),
        Arguments.value("steps", "N", "timed runs, of which the median is taken (default 10)"),
        Arguments.value(
            "precision",
            "NAMES",
            "f32 or bf16 (default f32); several with commas are run in turn and compared; kernels"
                + " takes one, and f16 where the device has it"),
        KernelBenchCommand.OP,
        DataBench.ROWS,
        DatasetOptions.DATA,
        DatasetOptions.IMAGES,
        DataBench.PHOTOS,
        DeviceOptions.DEVICE,
        DeviceOptions.CONV,
        DeviceOptions.THREADS,
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    String what = line.getArgList().get(0);
    if (what.equals("step") || what.equals("detect")) {
      print(line, computing(line, what));
    } else if (what.equals("kernels")) {
      KernelBenchCommand.run(line);
    } else if (DataBench.NAMES.contains(what)) {
      int side = Arguments.integer(line, "size", 512, 64);
      Config config = config(line).with(Map.of("IMAGE_MIN_DIM", side, "IMAGE_MAX_DIM", side));
      print(line, DataBench.run(line, what, config));
    } else {
      throw new UserError(
          "bench: expected step, detect, kernels, %s, found '%s'"
              .formatted(String.join(", ", DataBench.NAMES), what));
    }
  }

  private static Map<String, Double> computing(CommandLine line, String what) {
    DeviceOptions.choose(line);
    List<DType> types = PrecisionOption.list(line);
    Config config = config(line);
    int size = Arguments.integer(line, "size", 512, 64);
    int steps = Arguments.integer(line, "steps", 10, 1);
    if (what.equals("step")) {
      config = config.with("TRAIN_ROIS_PER_IMAGE", Arguments.integer(line, "rois", 200, 1));
      int images = Arguments.integer(line, "batch", 2, 1);
      String layers = line.getOptionValue("layers", "all");
      return together(types, StepBench.run(config, size, images, layers, steps, types));
    } else {
      config = config.with("POST_NMS_ROIS_INFERENCE", Arguments.integer(line, "rois", 1000, 1));
      int images = Arguments.integer(line, "batch", 1, 1);
      int objects = Arguments.integer(line, "objects", 10, 1);
      return together(types, DetectBench.run(config, size, images, objects, steps, types));
    }
  }

  private static Config config(CommandLine line) {
    return Config.defaults()
        .with(
            Map.of(
                "NUM_CLASSES",
                47,
                "BACKBONE",
                line.getOptionValue("backbone", "resnet50"),
                "RPN_ANCHOR_SCALES",
                List.of(32, 64, 128, 256, 384)));
  }

  /** One type's findings, or those of all by type and how the first one's time compares. */
  private static Map<String, Double> together(List<DType> types, Map<DType, Measurement> found) {
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

  private static void print(CommandLine line, Map<String, Double> found) {
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(found);
    } else {
      for (Map.Entry<String, Double> value : found.entrySet()) {
        System.out.printf("%-38s %12.3f%n", value.getKey(), value.getValue());
      }
    }
  }
}
