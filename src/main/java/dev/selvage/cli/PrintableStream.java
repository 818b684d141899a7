package dev.selvage.cli;

import dev.selvage.util.Printable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Stdout or stderr of a command. It escapes control characters in names of files, layers,
 * categories and so on, which come from files that others made. An argument of {@link #printf}
 * stays on one line; the format itself is the program's own.
 */
final class PrintableStream extends PrintStream {
  private final PrintStream target;
  private final UnaryOperator<String> escape;

  private PrintableStream(PrintStream target, UnaryOperator<String> escape) {
    super(target, true);
    this.target = target;
    this.escape = escape;
  }

  /** A stream on which a text that is printed may have several lines. */
  static PrintStream forResults(PrintStream target) {
    return new PrintableStream(target, Printable::lines);
  }

  /** A stream on which each text that is printed is one line. */
  static PrintStream forMessages(PrintStream target) {
    return new PrintableStream(target, Printable::line);
  }

  /** The stream below, for what moves the cursor on purpose. */
  static PrintStream unescaped(PrintStream stream) {
    return stream instanceof PrintableStream printable ? printable.target : stream;
  }

  @Override
  public void print(String text) {
    target.print(escape.apply(String.valueOf(text)));
  }

  @Override
  public void print(Object object) {
    print(String.valueOf(object));
  }

  @Override
  public void print(char c) {
    print(String.valueOf(c));
  }

  @Override
  public void print(char[] text) {
    print(String.valueOf(text));
  }

  @Override
  public PrintStream format(String format, Object... arguments) {
    return format(Locale.getDefault(Locale.Category.FORMAT), format, arguments);
  }

  @Override
  public PrintStream format(Locale locale, String format, Object... arguments) {
    Object[] escaped = Arrays.stream(arguments).map(PrintableStream::escaped).toArray();
    target.print(String.format(locale, format, escaped));
    return this;
  }

  private static Object escaped(Object argument) {
    return argument instanceof CharSequence || argument instanceof Path
        ? Printable.line(argument.toString())
        : argument;
  }
}
