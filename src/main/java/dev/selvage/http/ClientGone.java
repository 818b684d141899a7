package dev.selvage.http;

import java.io.IOException;

/** The client closed the connection, or took too long: there is nobody to answer. */
final class ClientGone extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGone(IOException cause) {
    super(cause);
  }
}
