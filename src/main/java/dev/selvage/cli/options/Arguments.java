package dev.selvage.cli.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.UserError;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * Makes options, and reads their values; an error names the option, and what was expected and
 * found.
 */
public final class Arguments {
  public static final Option JSON = flag("json", "print the result as JSON on stdout");

  /** The default of a number of threads, in words. */
  public static final String PER_PROCESSOR = "one per processor";

  private Arguments() {}

  public static Option value(String name, String argument, String description) {
    return Option.builder().longOpt(name).hasArg().argName(argument).desc(description).get();
  }

  /** An option that may be given several times. */
  public static Option repeatable(String name, String argument, String description) {
    Option option = value(name, argument, description + "; may be repeated");
    option.setType(List.class);
    return option;
  }

  /** Whether {@link #repeatable} made an option. */
  public static boolean isRepeatable(Option option) {
    return option.getType().equals(List.class);
  }

  /** An option with a default, which is added to the description. */
  public static Option value(String name, String argument, String description, Object fallback) {
    return value(name, argument, "%s (default: %s)".formatted(description, fallback));
  }

  public static Option flag(String name, String description) {
    return Option.builder().longOpt(name).desc(description).get();
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
      throw new UserError("option --" + name + " is required");
    }
    return value;
  }

  /**
   * Refuses an option that has an effect only together with another one.
   *
   * @throws UserError it is given, and the other is not
   */
  public static void requireTogether(CommandLine line, String name, String other) {
    if (line.hasOption(name) && !line.hasOption(other)) {
      throw new UserError("option --%s has an effect only with --%s".formatted(name, other));
    }
  }

  /** A whole number of at least {@code least}. */
  public static int integer(CommandLine line, String name, int fallback, int least) {
    return integer(line, name, fallback, least, Integer.MAX_VALUE, "of at least " + least);
  }

  /** A whole number in {@code least}..{@code most}. */
  public static int integer(CommandLine line, String name, int fallback, int least, int most) {
    return integer(line, name, fallback, least, most, "in %d..%d".formatted(least, most));
  }

  private static int integer(
      CommandLine line, String name, int fallback, int least, int most, String range) {
    String value = line.getOptionValue(name);
    if (value == null) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new UserError(
        "option --%s: expected a whole number %s, found '%s'".formatted(name, range, value));
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
