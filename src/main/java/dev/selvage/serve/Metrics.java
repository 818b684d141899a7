package dev.selvage.serve;

import dev.selvage.http.RequestObserver;
import dev.selvage.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counts what a service does, and tells it in Prometheus' text format. Thread-safe. */
public final class Metrics implements RequestObserver {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** By route and status, as they stand between the braces of a line. */
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

  private final Map<String, Histogram> routes = new ConcurrentHashMap<>();
  private final Map<String, Histogram> stages = new ConcurrentHashMap<>();
  private final LongAdder photos = new LongAdder();
  private final LongAdder objects = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  @Override
  public void answered(String route, int status, double seconds, long in, long out) {
    String label = "route=\"" + (route.isEmpty() ? "other" : route) + '"';
    requests
        .computeIfAbsent(label + ",status=\"" + status + '"', key -> new LongAdder())
        .increment();
    routes.computeIfAbsent(label, key -> new Histogram()).add(seconds);
    received.add(in);
    sent.add(out);
  }

  /** A photo was computed. */
  void photo(int found, Stages took) {
    photos.increment();
    objects.add(found);
    took.seconds()
        .forEach(
            (stage, seconds) ->
                stages
                    .computeIfAbsent("stage=\"" + stage + '"', key -> new Histogram())
                    .add(seconds));
  }

  /**
   * All of it.
   *
   * @param queue gives the photos that wait or are in work
   */
  public Response response(IntSupplier queue) {
    StringBuilder out = new StringBuilder();
    head(out, "selvage_requests_total", "counter", "Requests that were answered.");
    new TreeMap<>(requests)
        .forEach(
            (label, count) -> value(out, "selvage_requests_total{" + label + "}", count.sum()));
    head(
        out, "selvage_request_seconds", "histogram", "Time from the head of a request to its end.");
    new TreeMap<>(routes).forEach((label, h) -> h.write(out, "selvage_request_seconds", label));
    head(out, "selvage_stage_seconds", "histogram", "Time of each stage of a photo.");
    new TreeMap<>(stages).forEach((label, h) -> h.write(out, "selvage_stage_seconds", label));
    single(out, "selvage_photos_total", "counter", "Photos that were computed.", photos.sum());
    single(out, "selvage_objects_total", "counter", "Objects that were found.", objects.sum());
    single(
        out, "selvage_received_bytes_total", "counter", "Bytes of request bodies.", received.sum());
    single(out, "selvage_sent_bytes_total", "counter", "Bytes of answers' bodies.", sent.sum());
    single(
        out, "selvage_queue_length", "gauge", "Photos that wait or are in work.", queue.getAsInt());
    Runtime java = Runtime.getRuntime();
    single(
        out,
        "selvage_heap_bytes",
        "gauge",
        "Java's heap in use.",
        java.totalMemory() - java.freeMemory());
    return Response.bytes(TYPE, out.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void single(StringBuilder out, String name, String type, String help, long value) {
    head(out, name, type, help);
    value(out, name, value);
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void value(StringBuilder out, String name, long value) {
    out.append(name).append(' ').append(value).append('\n');
  }
}
