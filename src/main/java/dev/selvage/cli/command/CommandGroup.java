package dev.selvage.cli.command;

import dev.selvage.util.UserError;
import java.util.List;

/**
 * Commands with a first word in common, each with its own options.
 *
 * @param name the first word
 * @param commands named by two words, of which this name is the first
 */
public record CommandGroup(String name, String summary, List<Command> commands)
    implements CommandEntry {
  public CommandGroup {
    commands = List.copyOf(commands);
  }

  /**
   * The command of that second word.
   *
   * @throws UserError there is none
   */
  Command find(String word) {
    return commands.stream()
        .filter(command -> command.name().equals(name + " " + word))
        .findFirst()
        .orElseThrow(() -> missing("'" + word + "'"));
  }

  /**
   * The error of a command line that does not name one of the commands.
   *
   * @param found what stands in the command's place
   */
  UserError missing(String found) {
    List<String> words =
        commands.stream().map(command -> command.name().substring(name.length() + 1)).toList();
    return new UserError(
        "%s: expected one of %s, found %s".formatted(name, String.join(", ", words), found));
  }
}
