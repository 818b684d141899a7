package dev.selvage.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request: method, parameters of its path, query, headers, and a body that is read once. */
public final class Request {
  private static final int BLOCK = 1 << 16;

  private final HttpExchange exchange;
  private final Map<String, String> parameters;
  private final Query query;
  private final BodyBudget budget;
  private final boolean draining;
  private long received;

  Request(
      HttpExchange exchange, Map<String, String> parameters, BodyBudget budget, boolean draining) {
    this.exchange = exchange;
    this.parameters = parameters;
    this.budget = budget;
    this.draining = draining;
    query = new Query(exchange.getRequestURI().getRawQuery());
  }

  /** GET, HEAD or POST. */
  public String method() {
    return exchange.getRequestMethod();
  }

  /**
   * A parameter of the path, decoded: a name without control characters, none of whose parts is
   * {@code .} or {@code ..}.
   *
   * @param name without braces, as in the route's pattern
   */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /** A value of the query; empty where it is not given. */
  public Optional<String> query(String name) {
    return query.get(name);
  }

  /**
   * A whole number of the query.
   *
   * @throws HttpFailure it is none, or not from least to most
   */
  public int integer(String name, int otherwise, int least, int most) {
    return query(name).map(text -> integer("query: " + name, text, least, most)).orElse(otherwise);
  }

  /**
   * A whole number of a request's text.
   *
   * @param what the text is, for the message
   * @throws HttpFailure it is none, or not from least to most
   */
  public static int integer(String what, String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new HttpFailure(
        400,
        "%s: expected a whole number from %d to %d, found '%s'".formatted(what, least, most, text));
  }

  /**
   * A number of the query.
   *
   * @throws HttpFailure it is none, or not from least to most
   */
  public double number(String name, double otherwise, double least, double most) {
    String text = query(name).orElse(null);
    if (text == null) {
      return otherwise;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new HttpFailure(
        400,
        "query: %s: expected a number from %s to %s, found '%s'"
            .formatted(name, least, most, text));
  }

  /**
   * One of several words of the query.
   *
   * @param words the first is taken where the query has none
   * @throws HttpFailure it is another word
   */
  public String word(String name, String... words) {
    String found = query(name).orElse(words[0]);
    if (!List.of(words).contains(found)) {
      throw new HttpFailure(
          400,
          "query: %s: expected %s, found '%s'".formatted(name, String.join(" or ", words), found));
    }
    return found;
  }

  /**
   * Refuses a query with other names, such as a misspelt one.
   *
   * @throws HttpFailure there is another name
   */
  public void requireQuery(String... known) {
    query.requireOnly(List.of(known));
  }

  /** The first value of a header; empty where it is not given. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** Whether the service was about to stop when the request came; only probes see that. */
  public boolean draining() {
    return draining;
  }

  /**
   * Whether the client has closed the connection, so that an answer is not worth its work. A client
   * that only ends its own sending, as nc -N does, counts as gone.
   */
  public boolean isGone() {
    return PeerState.isClosed(exchange.getLocalAddress(), exchange.getRemoteAddress());
  }

  /** Ends the request of a client that is gone: nothing is sent. */
  public IOException gone() {
    return new ClientGone(new IOException("the client closed the connection"));
  }

  /**
   * Reads the body into memory.
   *
   * @param limit in bytes; a length above it is refused before anything is read
   * @throws HttpFailure 413: it is longer; 503: other requests hold too many bytes
   * @throws IOException it ended early, or came too slowly
   */
  public byte[] body(int limit) throws IOException {
    // the JDK's server has checked that it is a number
    long length = header("Content-Length").map(Long::parseLong).orElse(-1L);
    if (length > limit) {
      throw tooLong(limit);
    }
    InputStream in = exchange.getRequestBody();
    try {
      if (length >= 0) {
        take(length);
        byte[] whole = in.readNBytes((int) length);
        if (whole.length < length) {
          throw new IOException("the body ended early");
        }
        return whole;
      }
      return chunked(in, limit);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  private byte[] chunked(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] block = new byte[BLOCK];
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      if (whole.size() + n > limit) {
        throw tooLong(limit);
      }
      take(n);
      whole.write(block, 0, n);
    }
    return whole.toByteArray();
  }

  private void take(long bytes) {
    budget.take(bytes);
    received += bytes;
  }

  private static HttpFailure tooLong(int limit) {
    return new HttpFailure(413, "body: expected at most %d bytes, found more".formatted(limit));
  }

  /**
   * Reads the body as JSON.
   *
   * @param limit in bytes
   * @throws HttpFailure it is longer, or no JSON
   * @throws IOException it ended early
   */
  public JsonNode json(int limit) throws IOException {
    return json(JsonNode.class, limit);
  }

  /**
   * Reads the body as JSON.
   *
   * @param type a record or class that Jackson can fill
   * @param limit in bytes
   * @throws HttpFailure it is longer, no JSON, or does not fit the type
   * @throws IOException it ended early
   */
  public <T> T json(Class<T> type, int limit) throws IOException {
    return Json.read(body(limit), type);
  }

  /** Bytes of the body so far. */
  long received() {
    return received;
  }

  /** Says that the request is handled and its body no longer held. */
  void end() {
    budget.giveBack(received);
  }
}
