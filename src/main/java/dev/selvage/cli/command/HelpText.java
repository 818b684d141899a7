package dev.selvage.cli.command;

import dev.selvage.cli.options.CommandOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;

/** The text that {@code --help} prints, in lines of at most {@value #WIDTH} characters. */
public final class HelpText {
  static final int WIDTH = 100;

  static final String PROGRAM = "java -jar selvage.jar";
  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();

  private HelpText() {}

  /** The overview of all commands. */
  public static String of(CommandTable table) {
    HelpText help = new HelpText();
    help.line("Selvage: Mask R-CNN for clothing");
    help.line("");
    help.line("Usage: " + PROGRAM + " COMMAND [options]");
    int column =
        column(
            table.sections().stream()
                .flatMap(section -> section.entries().stream())
                .map(CommandEntry::name)
                .toList());
    for (CommandTable.Section section : table.sections()) {
      help.title(section.title());
      section.entries().forEach(entry -> help.row(entry.name(), entry.summary(), column));
    }
    help.line("");
    help.line("`help COMMAND` or `COMMAND --help` lists the options of a command.");
    help.line("`--version` prints the versions of Selvage, Java and the native library.");
    return help.text.toString();
  }

  /** The help of a command or a group. */
  public static String of(CommandEntry entry) {
    HelpText help = new HelpText();
    if (entry instanceof CommandGroup group) {
      help.group(group);
    } else {
      help.command((Command) entry);
    }
    return help.text.toString();
  }

  private void group(CommandGroup group) {
    line("Usage: %s %s COMMAND [options]".formatted(PROGRAM, group.name()));
    line("");
    sentence(group.summary());
    title("Commands");
    int column = column(group.commands().stream().map(Command::name).toList());
    group.commands().forEach(command -> row(command.name(), command.summary(), column));
    line("");
    line("`%s COMMAND --help` lists the options of a command.".formatted(group.name()));
  }

  private void command(Command command) {
    String usage = "Usage: %s ".formatted(command.start());
    wrap(usage, command.usage(), usage.length());
    line("");
    sentence(command.summary());
    Map<CommandOptions.Section, Map<String, String>> sections = new LinkedHashMap<>();
    command
        .options()
        .sections()
        .forEach((section, options) -> sections.put(section, rows(options)));
    int column =
        column(sections.values().stream().flatMap(rows -> rows.keySet().stream()).toList());
    sections.forEach(
        (section, rows) -> {
          title(section.title());
          rows.forEach((option, description) -> row(option, description, column));
        });
    if (!command.examples().isEmpty()) {
      title(command.examples().size() == 1 ? "Example" : "Examples");
    }
    command.examples().forEach(example -> line(INDENT + PROGRAM + " " + example));
  }

  /** Descriptions by option. */
  private static Map<String, String> rows(List<Option> options) {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Option option : options) {
      String value = option.hasArg() ? " " + option.getArgName() : "";
      rows.put("--" + option.getLongOpt() + value, option.getDescription());
    }
    return rows;
  }

  /** The column where the descriptions of such names begin. */
  private static int column(List<String> names) {
    return 2 * INDENT.length() + names.stream().mapToInt(String::length).max().orElse(0);
  }

  private void title(String title) {
    line("");
    line(title);
  }

  private void sentence(String summary) {
    wrap("", Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".", 0);
  }

  private void row(String name, String description, int column) {
    wrap(INDENT + name, description, column);
  }

  /** Writes a name and, from a column on, its description, in as many lines as it needs. */
  private void wrap(String left, String description, int column) {
    StringBuilder line = new StringBuilder(left);
    line.append(" ".repeat(column - left.length()));
    boolean empty = true;
    for (String word : description.split(" ")) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        line(line.toString());
        line.setLength(0);
        line.append(" ".repeat(column));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    line(line.toString());
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
