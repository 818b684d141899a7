package dev.selvage.http;

/** A path was asked for with a method that it does not have. */
final class MethodNotAllowed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String allowed;

  /** Names the methods that the path has, as in the header Allow. */
  MethodNotAllowed(String allowed) {
    super(allowed);
    this.allowed = allowed;
  }

  Response response() {
    return Response.error(405, "expected the method " + allowed).with("Allow", allowed);
  }
}
