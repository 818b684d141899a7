package dev.selvage.http;

import dev.selvage.util.ContentHash;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An answer: status, headers, and a body. Immutable. */
public final class Response {
  /** Writes a body piece by piece, on the thread of the request. */
  @FunctionalInterface
  public interface Body {
    /** Writes all of it; a client that goes away ends it with an exception. */
    void write(OutputStream out) throws IOException;
  }

  /** Sends events to one client, on the thread of the request, until it or the client is done. */
  @FunctionalInterface
  public interface EventSource {
    /** Sends events as long as {@link EventStream#pause} says so. */
    void send(EventStream events) throws IOException;
  }

  private static final String TYPE = "Content-Type";
  private static final String JSON = "application/json";

  private final int status;
  private final Map<String, String> headers;
  private final byte[] bytes;
  private final Body body;
  private final EventSource events;

  private Response(
      int status, Map<String, String> headers, byte[] bytes, Body body, EventSource events) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
    this.body = body;
    this.events = events;
  }

  /**
   * Bytes in memory.
   *
   * @param type such as {@code image/png}
   */
  public static Response bytes(String type, byte[] bytes) {
    return new Response(200, Map.of(TYPE, type), bytes, null, null);
  }

  /** A value as JSON: maps, lists, records, strings, numbers. */
  public static Response json(Object value) {
    return bytes(JSON, Json.bytes(value));
  }

  /** Plain text in UTF-8. */
  public static Response text(String text) {
    return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** A body that is written piece by piece; a failure in the middle breaks the connection. */
  public static Response stream(String type, Body body) {
    return new Response(200, Map.of(TYPE, type), null, body, null);
  }

  /** Server-sent events. */
  public static Response events(EventSource source) {
    return new Response(
        200,
        Map.of(TYPE, "text/event-stream; charset=utf-8", "Cache-Control", "no-store"),
        null,
        null,
        source);
  }

  /** Nothing to say: 204. */
  public static Response empty() {
    return new Response(204, Map.of(), new byte[0], null, null);
  }

  /** An error as {@code {"error": sentence}}. */
  public static Response error(int status, String sentence) {
    return json(Map.of("error", sentence)).status(status);
  }

  /** What is asked for is not there: 404. */
  public static Response notFound(String sentence) {
    return error(404, sentence);
  }

  /** Another address of this service: 303. */
  public static Response redirect(String path) {
    return empty().status(303).with("Location", path);
  }

  /** The same with another status. */
  public Response status(int other) {
    return new Response(other, headers, bytes, body, events);
  }

  /** The same with one more header, or another value of it. */
  public Response with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, bytes, body, events);
  }

  /**
   * The same with an ETag of its bytes: a browser that has them gets 304, and asks again each time.
   */
  public Response cached() {
    return with("ETag", '"' + ContentHash.of(bytes) + '"').with("Cache-Control", "no-cache");
  }

  /** The status, 100 to 599. */
  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The whole body; empty for one that is written piece by piece. */
  Optional<byte[]> bytes() {
    return Optional.ofNullable(bytes);
  }

  Optional<Body> body() {
    return Optional.ofNullable(body);
  }

  Optional<EventSource> events() {
    return Optional.ofNullable(events);
  }

  /** 304 if the client has these bytes already, else the answer itself. */
  Response unlessKnown(Optional<String> ifNoneMatch) {
    String tag = headers.get("ETag");
    if (tag == null || ifNoneMatch.isEmpty() || !ifNoneMatch.get().contains(tag)) {
      return this;
    }
    Map<String, String> kept = new LinkedHashMap<>(headers);
    kept.remove(TYPE);
    return new Response(304, kept, new byte[0], null, null);
  }
}
