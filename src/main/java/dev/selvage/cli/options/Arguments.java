package dev.selvage.cli.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.UserError;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Typed reading of options, with errors that name option, expectation and finding. */
public final class Arguments {
  public static final Option JSON = flag("json", "machine-readable output on stdout");

  private Arguments() {}

  public static Options with(Option... options) {
    Options all = new Options();
    for (Option option : options) {
      all.addOption(option);
    }
    return all.addOption(flag("help", "show this help"));
  }

  public static Option value(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).get();
  }

  public static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).get();
  }

  /**
   * Nothing but {@code --set} may be given twice.
   *
   * @throws UserError naming an option that is, with what it was given
   */
  public static void refuseRepeats(CommandLine line) {
    for (Option option : line.getOptions()) {
      String[] values = line.getOptionValues(option);
      if (values != null && values.length > 1 && !option.equals(ConfigOptions.SET)) {
        throw new UserError(
            "option --%s: expected one value, found %d: %s"
                .formatted(option.getLongOpt(), values.length, String.join(", ", values)));
      }
    }
  }

  public static void printJson(Object value) {
    try {
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String required(CommandLine line, String name) {
    String value = line.getOptionValue(name);
    if (value == null) {
      throw new UserError("option --" + name + " is missing: it has no default");
    }
    return value;
  }

  /** A whole number of at least {@code least}. */
  public static int integer(CommandLine line, String name, int fallback, int least) {
    String value = line.getOptionValue(name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new UserError(
        "option --"
            + name
            + ": expected a whole number of at least "
            + least
            + ", found '"
            + value
            + "'");
  }

  /** A number in 0..1. */
  public static float fraction(CommandLine line, String name, float fallback) {
    String value = line.getOptionValue(name);
    if (value == null) {
      return fallback;
    }
    try {
      float number = Float.parseFloat(value);
      if (number >= 0 && number <= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new UserError("option --" + name + ": expected a number in 0..1, found '" + value + "'");
  }

  public static long seed(CommandLine line, long fallback) {
    String value = line.getOptionValue("seed");
    try {
      return value == null ? fallback : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new UserError("option --seed: expected a whole number, found '" + value + "'", e);
    }
  }

  public static String choice(CommandLine line, String name, String fallback, String... choices) {
    String value = line.getOptionValue(name, fallback);
    for (String choice : choices) {
      if (choice.equals(value)) {
        return value;
      }
    }
    throw new UserError(
        "option --"
            + name
            + ": expected "
            + String.join(", ", choices)
            + ", found '"
            + value
            + "'");
  }
}
