package dev.selvage.runtime;

/**
 * A failure in the native library. JavaCPP makes one from each C++ exception that leaves a function
 * of {@link Native}; the message is the exception's.
 */
public final class NativeException extends RuntimeException {
  /** What failed. The order is that of {@code ErrorKind} in {@code native/error.h}. */
  public enum Kind {
    /** A defect of the native library, or of a library that it uses. */
    OTHER,
    /** A shape, type, index or name that the function does not take. */
    BAD_ARGUMENT,
    /** The device, or a library that it needs, cannot be used or does not have this function. */
    UNSUPPORTED,
    /** The host has no memory left. */
    OUT_OF_MEMORY,
    /** The GPU has no memory left. */
    OUT_OF_DEVICE_MEMORY,
    /** The GPU failed while it computed. */
    DEVICE_ERROR
  }

  private static final long serialVersionUID = 1;

  private final Kind kind;

  /**
   * Called by JavaCPP while the C++ exception is still being handled, so that the native library
   * can say which kind it has.
   */
  NativeException(String message) {
    super(message);
    this.kind = Kind.values()[Native.currentErrorKind()];
  }

  public Kind kind() {
    return kind;
  }
}
