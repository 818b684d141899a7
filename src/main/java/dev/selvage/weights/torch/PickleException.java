package dev.selvage.weights.torch;

/** A pickle that is damaged or asks for something forbidden; the message says what was found. */
final class PickleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PickleException(String found) {
    super(found);
  }

  PickleException(String found, Throwable cause) {
    super(found, cause);
  }
}
