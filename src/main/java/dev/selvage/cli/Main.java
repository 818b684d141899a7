package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.commons.cli.help.HelpFormatter;

/**
 * The command line's entry: {@code java -jar selvage.jar VERB [options]}. Exit codes: 0 done, 2 bad
 * input, 130 stopped by a signal, 1 a fault.
 */
public final class Main {
  private static final int BAD_INPUT = 2;

  /** What a shell reports for a process that Ctrl-C has ended. */
  static final int KILLED = 130;

  private static final Map<String, Command> VERBS = new TreeMap<>();

  static {
    for (Command verb :
        List.of(
            new BenchCommand(),
            new ConfigCommand(),
            new DoctorCommand(),
            new EvaluateCommand(),
            new InspectCommand(),
            new PlotCommand(),
            new PredictCommand(),
            new ResizeCommand(),
            new SampleCommand(),
            new SubmitCommand(),
            new TrainCommand(),
            new WeightsCommand())) {
      VERBS.put(verb.name(), verb);
    }
  }

  /** Whether the verb has returned. */
  private static volatile boolean ended;

  private Main() {}

  /** Runs one verb and exits the process with its code. */
  public static void main(String[] arguments) {
    // JavaCPP would otherwise throw OutOfMemoryError once the process, native tensors included,
    // outgrows twice the heap.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("java.awt.headless", "true");
    Runtime.getRuntime().addShutdownHook(new Thread(Main::endWhereItIsKilled));
    int code;
    try {
      code = run(arguments);
    } finally {
      ended = true;
    }
    System.exit(code);
  }

  /** A signal ends the process in the midst of computing, which an ordinary exit does not bear. */
  private static void endWhereItIsKilled() {
    if (!ended) {
      Native.endProcess(KILLED);
    }
  }

  static int run(String[] arguments) {
    if (arguments.length == 0 || arguments[0].equals("--help") || arguments[0].equals("help")) {
      System.out.print(overview());
      return 0;
    }
    try {
      Command verb = VERBS.get(arguments[0]);
      if (verb == null) {
        throw new UserError(
            "unknown verb '"
                + arguments[0]
                + "': expected one of "
                + String.join(", ", VERBS.keySet()));
      }
      return run(verb, Arrays.copyOfRange(arguments, 1, arguments.length));
    } catch (StopSignal.Stopped e) {
      return KILLED;
    } catch (UserError e) {
      System.err.println("selvage: " + e.getMessage());
      return BAD_INPUT;
    }
  }

  private static int run(Command verb, String[] arguments) {
    if (Arrays.asList(arguments).contains("--help")) {
      printHelp(verb);
      return 0;
    }
    CommandLine line = parse(verb, arguments);
    try {
      verb.run(line);
    } catch (NativeException e) {
      throw DeviceOptions.report(e);
    }
    return 0;
  }

  private static CommandLine parse(Command verb, String[] arguments) {
    CommandLine line;
    try {
      line = new DefaultParser(false).parse(verb.options(), arguments);
    } catch (UnrecognizedOptionException e) {
      throw new UserError(
          verb.name()
              + ": unknown option "
              + e.getOption()
              + "; `"
              + verb.name()
              + " --help` lists the options",
          e);
    } catch (ParseException e) {
      throw new UserError(verb.name() + ": " + e.getMessage(), e);
    }
    Arguments.refuseRepeats(line);
    int found = line.getArgList().size();
    if (found < verb.leastArguments() || found > verb.mostArguments()) {
      throw new UserError(
          "%s: expected `%s %s`, found %d argument(s) %s"
              .formatted(verb.name(), verb.name(), verb.usage(), found, line.getArgList()));
    }
    return line;
  }

  private static String overview() {
    StringBuilder text =
        new StringBuilder(
            "Selvage: Mask R-CNN for clothing\n\njava -jar selvage.jar VERB [options]\n\n");
    VERBS.forEach((name, verb) -> text.append("  %-10s %s%n".formatted(name, verb.summary())));
    return text.append("\n`VERB --help` shows the options of a verb with their defaults.\n")
        .toString();
  }

  private static void printHelp(Command verb) {
    HelpFormatter formatter = HelpFormatter.builder().setShowSince(false).get();
    try {
      formatter.printHelp(
          "selvage " + verb.name() + " " + verb.usage(),
          verb.summary(),
          verb.options().getOptions(),
          "",
          false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
