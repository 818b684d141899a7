package dev.selvage.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events to one client. It ends when the client goes, when the service drains, or after
 * some minutes, when a browser connects again by itself: a client asks for what it may have missed
 * with the header Last-Event-ID. Used by one thread.
 */
public final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final OutputStream out;
  private final CountDownLatch draining;
  private final long end;
  private long lastWrite = System.nanoTime();

  EventStream(OutputStream out, CountDownLatch draining, Duration longest) throws IOException {
    this.out = out;
    this.draining = draining;
    end = System.nanoTime() + longest.toNanos();
    write("retry: 1000\n\n"); // the headers go out at once, and the client waits a second only
  }

  /**
   * Sends an event.
   *
   * @param name what a page listens to; {@code message} is what it hears without a name
   * @param value sent as JSON
   * @throws IOException the client is gone; nothing is to be done about it
   */
  public void send(String name, Object value) throws IOException {
    write("event: %s\ndata: %s\n\n".formatted(line(name), Json.line(value)));
  }

  /**
   * Sends an event that a client names when it connects again.
   *
   * @throws IOException the client is gone; nothing is to be done about it
   */
  public void send(String id, String name, Object value) throws IOException {
    write("id: %s\nevent: %s\ndata: %s\n\n".formatted(line(id), line(name), Json.line(value)));
  }

  /**
   * Waits, and tells a silent client now and then that the service is there.
   *
   * @return whether to go on; false when the service drains or the stream has lasted long enough
   * @throws IOException the client is gone; nothing is to be done about it
   */
  public boolean pause(Duration time) throws IOException {
    long until = Math.min(System.nanoTime() + time.toNanos(), end);
    while (true) {
      long now = System.nanoTime();
      long beat = lastWrite + HEARTBEAT.toNanos();
      if (now >= beat) {
        write(":\n\n");
      } else if (now >= until) {
        return draining.getCount() > 0 && now < end;
      } else if (await(Math.min(until, beat) - now)) {
        return false;
      }
    }
  }

  private boolean await(long nanos) {
    try {
      return draining.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String line(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a name or id of an event has one line");
    }
    return text;
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    lastWrite = System.nanoTime();
  }
}
