package dev.selvage.cli.command;

/** What the first word of a command line can name: a command, or a group of commands. */
public sealed interface CommandEntry permits Command, CommandGroup {
  /** All words that the user types for it: {@code train}, {@code bench step}. */
  String name();

  /** What it does, in one line that begins with a verb in the imperative. */
  String summary();
}
