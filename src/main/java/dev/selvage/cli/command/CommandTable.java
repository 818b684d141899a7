package dev.selvage.cli.command;

import dev.selvage.util.UserError;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All commands, in the order of the overview.
 *
 * @param sections the overview's parts
 */
public record CommandTable(List<Section> sections) {
  /** Commands under one heading. */
  public record Section(String title, List<CommandEntry> entries) {
    public Section {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The command or group that a command line begins with.
   *
   * @param rest the words after the name
   */
  public record Selection(CommandEntry entry, List<String> rest) {
    /**
     * The command to run.
     *
     * @throws UserError the words name a group alone
     */
    public Command command() {
      if (entry instanceof CommandGroup group) {
        throw group.missing(rest.isEmpty() ? "nothing" : "'" + rest.get(0) + "'");
      }
      return (Command) entry;
    }
  }

  public CommandTable {
    sections = List.copyOf(sections);
  }

  /**
   * Finds the command of a command line.
   *
   * @param words at least one
   * @throws UserError no command has that name
   */
  public Selection select(List<String> words) {
    String first = words.get(0);
    CommandEntry entry =
        entries().filter(e -> e.name().equals(first)).findFirst().orElseThrow(() -> unknown(first));
    if (entry instanceof CommandGroup group && words.size() > 1 && !isOption(words.get(1))) {
      return new Selection(group.find(words.get(1)), words.subList(2, words.size()));
    }
    return new Selection(entry, words.subList(1, words.size()));
  }

  private static boolean isOption(String word) {
    return word.startsWith("-");
  }

  private UserError unknown(String word) {
    String names = entries().map(CommandEntry::name).collect(Collectors.joining(", "));
    return new UserError(
        isOption(word)
            ? "expected a command before the options, one of %s, found '%s'".formatted(names, word)
            : "expected a command, one of %s, found '%s'".formatted(names, word));
  }

  private Stream<CommandEntry> entries() {
    return sections.stream().flatMap(section -> section.entries().stream());
  }
}
