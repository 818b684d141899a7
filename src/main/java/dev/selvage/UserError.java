package dev.selvage;

/**
 * Bad input: one sentence that names the file and line or the option, what was expected and what
 * was found. The command line prints it alone and exits with code 2.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
