package dev.selvage.cli;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** One word of the command line: its options, and what it does. */
interface Command {
  String name();

  /** What it does, in one line. */
  String summary();

  /** The arguments after the verb, for the help: {@code OUT [options]}. */
  String usage();

  /** How many arguments that are no options it takes. */
  default int leastArguments() {
    return 0;
  }

  default int mostArguments() {
    return leastArguments();
  }

  Options options();

  /** Does it; throws {@link dev.selvage.util.UserError} for bad input. */
  void run(CommandLine line);
}
