package dev.selvage.cli.command;

import dev.selvage.util.UserError;
import java.util.List;

/**
 * Commands that share their first word; each has its own options.
 *
 * @param name the first word
 * @param commands each named by this word and a second one
 */
public record CommandGroup(String name, String summary, List<Command> commands)
    implements CommandEntry {
  public CommandGroup {
    commands = List.copyOf(commands);
  }

  /**
   * The command with that second word.
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
   * The error for a command line that names none of the commands.
   *
   * @param found what the command line has instead
   */
  UserError missing(String found) {
    List<String> words =
        commands.stream().map(command -> command.name().substring(name.length() + 1)).toList();
    return new UserError(
        "%s: expected one of %s, found %s".formatted(name, String.join(", ", words), found));
  }
}
