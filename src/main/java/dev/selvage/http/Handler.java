package dev.selvage.http;

import java.io.IOException;

/** Answers the requests of a route, on many threads at a time. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers a request. A {@code UserError} becomes an answer of status 400 with its sentence.
   *
   * @throws HttpFailure the request cannot be served; its status and sentence are the answer
   * @throws IOException the body ended early, or a file cannot be read
   */
  Response handle(Request request) throws IOException;
}
