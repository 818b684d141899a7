package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServiceTest {
  private static final int LIMIT = 1000;

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<String> observed = new LinkedBlockingQueue<>();
  private final HttpService service =
      HttpService.start(
          Listen.local(0),
          new Routes()
              .get("/", r -> Response.text("home"))
              .get("/runs/{run}/log", r -> Response.text("log of " + r.parameter("run")))
              .get(
                  "/numbers",
                  r -> {
                    r.requireQuery("n", "x", "w");
                    return Response.json(
                        List.of(
                            r.integer("n", 7, 0, 10),
                            r.number("x", 0.5, 0, 1),
                            r.word("w", "one", "two")));
                  })
              .post("/length", r -> Response.json(Map.of("bytes", r.body(LIMIT).length)))
              .post("/json", r -> Response.json(r.json(LIMIT)))
              .get("/static", r -> Response.bytes("image/png", new byte[] {1, 2, 3}).cached())
              .get("/refused", r -> refuse())
              .get("/fault", r -> fail())
              .get("/busy", r -> busy())
              .get("/wait", r -> waitForRelease())
              .get("/broken", r -> Response.stream("text/plain", HttpServiceTest::half))
              .probe("/healthz", r -> Response.text("alive")),
          (route, status, seconds, received, sent) ->
              observed.add("%s %d %d %d".formatted(route, status, received, sent)));

  private final TestClient client = new TestClient(service);

  @AfterEach
  void close() {
    release.countDown();
    service.close();
  }

  private static Response refuse() {
    throw new UserError("--runs: expected\na folder");
  }

  private static Response fail() {
    throw new IllegalStateException("on purpose");
  }

  private static Response busy() {
    throw new HttpFailure(429, "the queue is full", 3);
  }

  private static void half(OutputStream out) throws IOException {
    out.write("half of it".getBytes(StandardCharsets.UTF_8));
    out.flush();
    throw new IllegalStateException("on purpose, in the middle");
  }

  private Response waitForRelease() {
    inside.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      return Response.text("stopped");
    }
    return Response.text("late");
  }

  @Test
  void findsRoutesAndTheirParametersDecodedOnce() {
    assertEquals("home", client.get("/").body());
    assertEquals("log of a b%41/ü", client.get("/runs/a%20b%2541%2f%C3%BC/log").body());
    assertEquals(404, client.get("/runs/a/b/log").statusCode());
    assertEquals(400, client.get("/runs//log").statusCode());
  }

  @Test
  void aMissingPathIsJson() {
    HttpResponse<String> answer = client.get("/nowhere");

    assertEquals(404, answer.statusCode());
    assertEquals("{\"error\":\"nothing is at this address\"}", answer.body());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
  }

  @Test
  void anotherMethodIsToldWhichAreThere() {
    HttpResponse<String> onGet = client.get("/length");
    HttpResponse<String> onPost = client.post("/static", "");

    assertEquals(405, onGet.statusCode());
    assertEquals("POST", onGet.headers().firstValue("Allow").orElse(""));
    assertEquals("GET, HEAD", onPost.headers().firstValue("Allow").orElse(""));
  }

  @Test
  void everyAnswerSaysWhatABrowserMayDo() {
    for (String path : List.of("/", "/nowhere", "/fault", "/length", "/healthz")) {
      Map<String, List<String>> headers = quietly(() -> client.get(path)).headers().map();
      assertTrue(
          headers.get("content-security-policy").get(0).startsWith("default-src 'self'"), path);
      assertEquals(List.of("nosniff"), headers.get("x-content-type-options"), path);
      assertEquals(List.of("no-referrer"), headers.get("referrer-policy"), path);
      assertEquals(List.of("same-origin"), headers.get("cross-origin-resource-policy"), path);
    }
  }

  @Test
  void queriesAreCheckedAgainstTheirRange() {
    assertEquals("[7,0.5,\"one\"]", client.get("/numbers").body());
    assertEquals("[10,1.0,\"two\"]", client.get("/numbers?n=10&x=1&w=two").body());
    assertEquals(
        "{\"error\":\"query: n: expected a whole number from 0 to 10, found '11'\"}",
        client.get("/numbers?n=11").body());
    assertEquals(
        "{\"error\":\"query: x: expected a number from 0.0 to 1.0, found 'NaN'\"}",
        client.get("/numbers?x=NaN").body());
    assertEquals(
        "{\"error\":\"query: w: expected one or two, found '<b>'\"}",
        client.get("/numbers?w=%3Cb%3E").body());
    assertEquals(
        "{\"error\":\"query: expected n, x, w, found 'm'\"}", client.get("/numbers?m=1").body());
    assertEquals(
        "{\"error\":\"query: expected 'n' once, found it twice\"}",
        client.get("/numbers?n=1&n=2").body());
  }

  @Test
  void bodiesAreReadUpToALimit() {
    assertEquals("{\"bytes\":1000}", client.post("/length", "x".repeat(LIMIT)).body());
    assertEquals(413, client.post("/length", "x".repeat(LIMIT + 1)).statusCode());
    assertEquals("{\"bytes\":1000}", chunked(LIMIT).body());
    assertEquals(413, chunked(LIMIT + 1).statusCode());
  }

  private HttpResponse<String> chunked(int bytes) {
    return client.send(
        client
            .request("/length")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes])))
            .build());
  }

  @Test
  void jsonIsReadToALimitedDepth() {
    assertEquals("{\"a\":[1]}", client.post("/json", "{\"a\": [1]}").body());
    assertEquals(400, client.post("/json", "{\"a\": ").statusCode());
    assertEquals(400, client.post("/json", "").statusCode());
    assertEquals(400, client.post("/json", "1 2").statusCode());
    HttpResponse<String> deep = client.post("/json", "[".repeat(400) + "]".repeat(400));
    assertEquals(400, deep.statusCode());
    assertTrue(deep.body().contains("nesting depth"), deep.body());
  }

  @Test
  void whatABrowserHasIsNotSentAgain() {
    HttpResponse<String> first = client.get("/static");
    String tag = first.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = client.get("/static", "If-None-Match", "\"other\", " + tag);

    assertEquals(200, client.get("/static", "If-None-Match", "\"other\"").statusCode());
    assertEquals(304, again.statusCode());
    assertEquals("", again.body());
    assertEquals(tag, again.headers().firstValue("ETag").orElse(""));
  }

  @Test
  void headIsGetWithoutABody() throws IOException {
    String head =
        client.raw(
            "HEAD /static HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
                .formatted(client.port()));

    assertEquals(200, TestClient.status(head));
    assertTrue(head.contains("image/png"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
  }

  @Test
  void badInputIsASentenceAndFaultsAreTold() {
    assertEquals(
        "{\"error\":\"--runs: expected\\\\u000aa folder\"}", client.get("/refused").body());
    assertEquals(400, client.get("/refused").statusCode());
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    HttpResponse<String> fault = quietly(told, () -> client.get("/fault"));
    assertEquals(500, fault.statusCode());
    assertFalse(fault.body().contains("on purpose"), fault.body());
    assertTrue(told.toString(StandardCharsets.UTF_8).contains("on purpose"));
  }

  @Test
  void aFailureSaysWhenToAskAgain() {
    HttpResponse<String> answer = client.get("/busy");

    assertEquals(429, answer.statusCode());
    assertEquals("3", answer.headers().firstValue("Retry-After").orElse(""));
  }

  /** A part must not look like the whole. */
  @Test
  void anAnswerThatFailsInTheMiddleIsBroken() {
    assertThrows(UncheckedIOException.class, () -> quietly(() -> client.get("/broken")));
  }

  @Test
  void everyRequestIsObserved() throws InterruptedException {
    client.post("/length", "12345");
    assertEquals("/length 200 5 11", observed.poll(10, TimeUnit.SECONDS));
    client.get("/nowhere");
    assertEquals(" 404 0 38", observed.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void drainingFinishesWhatRunsAndTakesNothingMore() throws Exception {
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> client.get("/wait"));
    inside.await();
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(() -> service.drain(Duration.ofSeconds(30)));
    while (!service.draining()) {
      Thread.onSpinWait();
    }

    assertEquals(503, client.get("/").statusCode());
    assertEquals("alive", client.get("/healthz").body());
    release.countDown();
    assertEquals("late", running.get().body());
    assertTrue(drained.get());
    assertThrows(IOException.class, () -> client.connect().close());
  }

  @Test
  void drainingEndsAtItsLimit() throws InterruptedException {
    CompletableFuture<HttpResponse<String>> running =
        CompletableFuture.supplyAsync(() -> client.get("/wait"));
    inside.await();

    assertFalse(service.drain(Duration.ofMillis(10)));
    assertThrows(Exception.class, running::get);
  }

  @Test
  void aPortInUseIsASentence() {
    UserError e =
        assertThrows(
            UserError.class, () -> HttpService.start(Listen.local(client.port()), new Routes()));

    assertTrue(e.getMessage().startsWith("port %d of 127.0.0.1".formatted(client.port())));
  }

  @Test
  void aHostThatIsNotHereIsASentence() {
    assertThrows(
        UserError.class,
        () -> HttpService.start(Listen.on("192.0.2.1", 0, Optional.empty()), new Routes()));
    assertThrows(UserError.class, () -> Listen.on("no.such.host.invalid", 0, Optional.empty()));
    assertThrows(UserError.class, () -> Listen.local(70_000));
  }

  private static <T> T quietly(Supplier<T> action) {
    return quietly(new ByteArrayOutputStream(), action);
  }

  private static <T> T quietly(ByteArrayOutputStream told, Supplier<T> action) {
    PrintStream err = System.err;
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      return action.get();
    } finally {
      System.setErr(err);
    }
  }
}
