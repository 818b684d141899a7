package dev.selvage.cli.command;

import dev.selvage.cli.options.CommandOptions;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** One command of the program: its options, its help, and what it does. */
public non-sealed interface Command extends CommandEntry {
  /** How its command lines begin. */
  default String start() {
    return HelpText.PROGRAM + " " + name();
  }

  /** What follows that in the usage line of the help: {@code OUT [options]}. */
  String usage();

  /** Typical command lines for the help, without the program's name: at most two. */
  List<String> examples();

  /** The fewest arguments that are not options. */
  default int leastArguments() {
    return 0;
  }

  /** The most arguments that are not options. */
  default int mostArguments() {
    return leastArguments();
  }

  CommandOptions options();

  /** Whether it may read, write or draw pictures: then OpenCV is unpacked before it runs. */
  default boolean usesPictures() {
    return true;
  }

  /**
   * Runs the command.
   *
   * @param line the options and arguments, already checked against {@link #options()}
   * @throws dev.selvage.util.UserError bad input
   */
  void run(CommandLine line);
}
