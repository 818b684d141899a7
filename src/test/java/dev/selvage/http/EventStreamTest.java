package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final BlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();

  private HttpService serve(Response.EventSource source) {
    return HttpService.start(
        Listen.local(0),
        new Routes().get("/events", r -> Response.events(source)),
        (route, status, seconds, received, sent) -> statuses.add(status));
  }

  private static BufferedReader ask(TestClient client, Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                .formatted(client.port())
                .getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void readTo(BufferedReader in, String line) throws IOException {
    String found = "";
    while (!line.equals(found)) {
      found = in.readLine();
    }
  }

  @Test
  void eventsComeOneByOneAndEndWhenTheServiceDrains() throws Exception {
    HttpService service =
        serve(
            events -> {
              events.send("epoch", Map.of("n", 1));
              events.send("7", "epoch", List.of("a\nb"));
              while (events.pause(LONG)) {
                events.send("never", 0);
              }
            });
    TestClient client = new TestClient(service);
    try (Socket socket = client.connect()) {
      BufferedReader in = ask(client, socket);
      readTo(in, "event: epoch");
      assertEquals("data: {\"n\":1}", in.readLine());
      readTo(in, "id: 7");
      assertEquals("event: epoch", in.readLine());
      assertEquals("data: [\"a\\nb\"]", in.readLine());

      assertTrue(service.drain(Duration.ofSeconds(30)));
      assertEquals(200, statuses.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClientThatGoesEndsItsStream() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (HttpService service =
        serve(
            events -> {
              events.send("first", 0);
              try {
                gone.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              while (events.pause(Duration.ofMillis(1))) {
                events.send("again", "x".repeat(1000));
              }
            })) {
      TestClient client = new TestClient(service);
      try (Socket socket = client.connect()) {
        readTo(ask(client, socket), "event: first");
      }
      gone.countDown();

      assertEquals(499, statuses.poll(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aStreamEndsAfterItsTime() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EventStream events = new EventStream(out, new CountDownLatch(1), Duration.ofMillis(1));

    assertEquals(false, events.pause(LONG));
    assertEquals("retry: 1000\n\n", out.toString(StandardCharsets.UTF_8));
    assertThrows(IllegalArgumentException.class, () -> events.send("a\ndata: x", 1));
  }
}
