package dev.selvage.cli.options;

import dev.selvage.config.Config;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The element type of the feature maps: the setting PRECISION and the option that sets it. */
public final class PrecisionOption {
  public static final Option OPTION =
      Arguments.value(
          "precision",
          "NAME",
          "element type of the feature maps: f32, bf16 (8 significant bits) or, on a GPU, f16 (11 bits);"
              + " weights and sums stay float32",
          "the setting PRECISION");

  private PrecisionOption() {}

  /**
   * The configuration with the type that {@code --precision} names, if it is given. Call it after
   * the device is chosen.
   *
   * @throws UserError if the device cannot compute in it
   */
  public static Config apply(CommandLine line, Config config) {
    if (line.hasOption(OPTION)) {
      return config.with("PRECISION", named(line.getOptionValue(OPTION)).key());
    }
    require("PRECISION", DType.valueOf(config.PRECISION.name()));
    return config;
  }

  /**
   * The types that {@code --precision} lists, for a benchmark.
   *
   * @throws UserError if it names one twice, or one that the device cannot compute in
   */
  public static List<DType> list(CommandLine line) {
    String text = line.getOptionValue(OPTION, DType.F32.key());
    List<DType> types = Arrays.stream(text.split(",", -1)).map(PrecisionOption::named).toList();
    if (types.stream().distinct().count() != types.size()) {
      throw new UserError(
          "option --precision: expected each name once, found '%s'".formatted(text));
    }
    return types;
  }

  private static DType named(String name) {
    for (DType type : DType.values()) {
      if (type.key().equals(name)) {
        require("option --precision", type);
        return type;
      }
    }
    throw new UserError("option --precision: expected %s, found '%s'".formatted(available(), name));
  }

  private static void require(String source, DType type) {
    if (type.available()) {
      return;
    }
    String device = Native.selectedDevice().getString();
    String why = "";
    if (type == DType.BF16 && device.equals("cpu")) {
      why =
          ", which needs a processor with avx512_bf16, and this one has "
              + Native.cpuFeatures().getString();
    }
    throw new UserError(
        "%s: expected %s on %s, found %s%s"
            .formatted(source, available(), device, type.key(), why));
  }

  private static String available() {
    return Arrays.stream(DType.values())
        .filter(DType::available)
        .map(DType::key)
        .collect(Collectors.joining(" or "));
  }
}
