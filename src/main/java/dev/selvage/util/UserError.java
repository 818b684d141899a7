package dev.selvage.util;

/**
 * Bad input: one sentence that names the file and line or the option, what was expected and what
 * was found. The command line prints it alone and exits with code 2. What was found may be
 * anything: it stays on one line, does nothing to a terminal, and is cut short where it is long.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 4000;

  public UserError(String message) {
    super(sentence(message));
  }

  public UserError(String message, Throwable cause) {
    super(sentence(message), cause);
  }

  private static String sentence(String message) {
    String start = message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message;
    return Printable.line(start);
  }
}
