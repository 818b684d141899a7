package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.command.CommandParser;
import dev.selvage.cli.command.CommandTable.Selection;
import dev.selvage.cli.command.HelpText;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.run.Versions;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.runtime.NativeLibraries;
import dev.selvage.util.FileNames;
import dev.selvage.util.UserError;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/**
 * The program: {@code java -jar selvage.jar COMMAND [options]}. Exit codes: 0 done, 2 bad input,
 * 130 stopped by a signal, 1 a fault of the program.
 */
public final class Main {
  private static final int BAD_INPUT = 2;

  /** What a shell reports for a process that Ctrl-C ended. */
  static final int KILLED = 130;

  /** Whether the command has returned. */
  private static volatile boolean ended;

  private Main() {}

  /** Runs one command and exits the process with its code. */
  public static void main(String[] arguments) {
    // digits are 0 to 9 and i is the capital I's, in files and messages alike
    Locale.setDefault(Locale.ROOT);
    // under the POSIX locale Java would write ? for every other character, in JSON too
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    // JavaCPP would otherwise throw OutOfMemoryError once the process, native tensors included,
    // outgrows twice the heap.
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("java.awt.headless", "true");
    Runtime.getRuntime().addShutdownHook(new Thread(Main::endIfKilled));
    int code;
    try {
      code = run(arguments);
    } finally {
      ended = true;
    }
    System.exit(code);
  }

  private static PrintStream utf8(FileDescriptor to) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(to)), true, StandardCharsets.UTF_8);
  }

  /** If a signal ends the process while native code computes, an ordinary exit could crash. */
  private static void endIfKilled() {
    if (!ended) {
      Native.endProcess(KILLED);
    }
  }

  /** Runs one command and returns the exit code. */
  static int run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(PrintableStream.forResults(out));
    System.setErr(PrintableStream.forMessages(err));
    try {
      List.of(arguments).forEach(FileNames::requireReadable);
      run(List.of(arguments));
      requireOutput();
      return 0;
    } catch (StopSignal.Stopped e) {
      return KILLED;
    } catch (UserError e) {
      return refuse(e);
    } catch (LinkageError | IllegalStateException e) {
      Optional<UserError> cause = inside(e);
      if (cause.isEmpty()) {
        throw e;
      }
      return refuse(cause.get());
    } catch (InvalidPathException e) {
      return refuse(FileNames.unusable(e));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Why native libraries could not be unpacked or loaded, perhaps on another thread. */
  private static Optional<UserError> inside(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError found) {
        return Optional.of(found);
      } else if (cause instanceof NoClassDefFoundError) {
        return NativeLibraries.obstacle();
      }
    }
    return Optional.empty();
  }

  private static int refuse(UserError e) {
    System.err.println("selvage: " + e.getMessage());
    return BAD_INPUT;
  }

  /** A print stream throws nothing where its bytes cannot be written. */
  private static void requireOutput() {
    if (System.out.checkError()) {
      throw new UserError(
          "standard output cannot be written: expected room on the disk, or a program that reads to"
              + " the end");
    }
  }

  private static void run(List<String> words) {
    if (words.isEmpty()) {
      System.out.print(HelpText.of(Commands.ALL));
    } else if (words.get(0).equals("--version")) {
      requireNothing("--version", words.subList(1, words.size()));
      Versions.all().forEach((part, version) -> System.out.printf("%-8s %s%n", part, version));
    } else if (words.get(0).equals("help")) {
      printHelp(words.subList(1, words.size()));
    } else if (words.contains("--help")) {
      printHelp(words.stream().takeWhile(word -> !word.startsWith("-")).toList());
    } else {
      Selection selection = Commands.ALL.select(words);
      Command command = selection.command();
      run(command, CommandParser.parse(command, selection.rest()));
    }
  }

  private static void run(Command command, CommandLine line) {
    if (command.usesPictures()) {
      NativeLibraries.PHOTOS.unpack();
    }
    try {
      command.run(line);
    } catch (NativeException e) {
      throw DeviceOptions.report(e);
    } catch (OutOfMemoryError e) {
      throw DeviceOptions.outOfMemory(e);
    }
  }

  /** The help of the command that the first words name; the overview without words. */
  private static void printHelp(List<String> words) {
    System.out.print(
        words.isEmpty()
            ? HelpText.of(Commands.ALL)
            : HelpText.of(Commands.ALL.select(words).entry()));
  }

  private static void requireNothing(String name, List<String> rest) {
    if (!rest.isEmpty()) {
      throw new UserError(
          "%s: expected nothing after it, found %s".formatted(name, String.join(" ", rest)));
    }
  }
}
