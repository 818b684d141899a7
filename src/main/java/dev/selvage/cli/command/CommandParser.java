package dev.selvage.cli.command;

import dev.selvage.cli.options.Arguments;
import dev.selvage.util.UserError;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Reads the options and arguments of a command, and refuses those that it does not take. */
public final class CommandParser {
  private CommandParser() {}

  /**
   * Reads what follows the command's name.
   *
   * @throws UserError an option that the command does not have, that lacks its value or is given
   *     twice; or too few or too many arguments
   */
  public static CommandLine parse(Command command, List<String> words) {
    CommandLine line;
    try {
      line = new DefaultParser(false).parse(command.options().all(), words.toArray(String[]::new));
    } catch (UnrecognizedOptionException e) {
      throw new UserError(
          "%s: unknown option %s; the options are %s"
              .formatted(command.name(), e.getOption(), names(command)),
          e);
    } catch (MissingArgumentException e) {
      Option option = e.getOption();
      throw new UserError(
          "option --%s: expected a value %s, found none"
              .formatted(option.getLongOpt(), option.getArgName()),
          e);
    } catch (ParseException e) {
      throw new UserError(command.name() + ": " + e.getMessage(), e);
    }
    refuseRepeats(line);
    int found = line.getArgList().size();
    if (found < command.leastArguments() || found > command.mostArguments()) {
      throw new UserError(
          "%s: expected `%s %s`, found %s"
              .formatted(
                  command.name(), command.name(), command.usage(), describe(line.getArgList())));
    }
    return line;
  }

  private static String names(Command command) {
    return command.options().all().getOptions().stream()
        .map(option -> "--" + option.getLongOpt())
        .collect(Collectors.joining(", "));
  }

  /** An option has one value, unless it says that it may be repeated. */
  private static void refuseRepeats(CommandLine line) {
    for (Option option : line.getOptions()) {
      String[] values = line.getOptionValues(option);
      if (values != null && values.length > 1 && !Arguments.isRepeatable(option)) {
        throw new UserError(
            "option --%s: expected one value, found %d: %s"
                .formatted(option.getLongOpt(), values.length, String.join(", ", values)));
      }
    }
  }

  private static String describe(List<String> arguments) {
    return switch (arguments.size()) {
      case 0 -> "no argument";
      case 1 -> "the argument '" + arguments.get(0) + "'";
      default -> "the arguments '" + String.join("', '", arguments) + "'";
    };
  }
}
