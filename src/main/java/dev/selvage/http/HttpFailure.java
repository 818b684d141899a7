package dev.selvage.http;

import dev.selvage.util.Printable;

/** Ends the handling of a request with an error: its status, and a sentence for the client. */
public final class HttpFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** Seconds after which it is worth to ask again; 0 if nothing is said about it. */
  private final int retrySeconds;

  /**
   * An error of a request.
   *
   * @param status 400 to 599
   */
  public HttpFailure(int status, String sentence) {
    this(status, sentence, 0);
  }

  /**
   * An error that may be gone soon.
   *
   * @param retrySeconds after which it is worth to ask again
   */
  public HttpFailure(int status, String sentence, int retrySeconds) {
    super(Printable.line(sentence));
    this.status = status;
    this.retrySeconds = retrySeconds;
  }

  Response response() {
    Response response = Response.error(status, getMessage());
    return retrySeconds == 0
        ? response
        : response.with("Retry-After", Integer.toString(retrySeconds));
  }
}
