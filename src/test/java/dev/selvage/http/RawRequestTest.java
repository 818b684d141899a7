package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that no decent client sends. */
class RawRequestTest {
  private static final int LIMIT = 100_000;

  private final HttpService service =
      HttpService.start(
          Listen.local(0),
          new Routes()
              .add(StaticFiles.below("/http-files").routes("/"))
              .get("/file/{name}", r -> Response.text(r.parameter("name")))
              .post("/body", r -> Response.json(r.body(LIMIT).length))
              .post("/json", r -> Response.json(r.json(LIMIT))));

  private final TestClient client = new TestClient(service);

  @AfterEach
  void theServiceGoesOn() {
    assertEquals("hello\n", client.get("/index.html").body());
    service.close();
  }

  @Test
  void noPathLeavesTheFolder() throws IOException {
    for (String path :
        new String[] {
          "/../index.html",
          "/views/../index.html",
          "/%2e%2e/index.html",
          "/views/%2e%2e/index.html",
          "/views/..%2findex.html",
          "//etc/passwd",
          "/index.html/",
          "/index.html%00",
          "/./index.html",
          "/index.HTML",
          "/views"
        }) {
      assertEquals(404, TestClient.status(client.rawGet(path)), path);
    }
  }

  @Test
  void parametersAreNames() throws IOException {
    for (String name :
        new String[] {
          "..",
          "%2e%2e",
          ".",
          "",
          "a%2f..%2fb",
          "..%5cb",
          "a%00",
          "%0d%0aX:y",
          "%",
          "%4",
          "%zz",
          "%ff",
          "%c0%ae"
        }) {
      int status = TestClient.status(client.rawGet("/file/" + name));
      assertEquals(400, status, name);
    }
    assertTrue(client.rawGet("/file/a%2525").endsWith("a%25"));
    assertTrue(client.rawGet("/file/%2e%2e%2e").endsWith("..."));
  }

  @Test
  void longAddressesAreRefused() throws IOException {
    assertEquals(414, TestClient.status(client.rawGet("/" + "x".repeat(3000))));
    assertEquals(414, TestClient.status(client.rawGet("/?" + "x".repeat(9000))));
  }

  @Test
  void damagedRequestsEndTheirConnectionOnly() throws IOException {
    String host = "Host: 127.0.0.1:" + client.port() + "\r\n";
    for (String request :
        List.of(
            "\r\n",
            "GET\r\n\r\n",
            "GET /\r\n\r\n",
            "GET nowhere HTTP/1.1\r\n" + host + "\r\n",
            "GET * HTTP/1.1\r\n" + host + "\r\n",
            "GET mailto:x HTTP/1.1\r\n" + host + "\r\n",
            "GET /\u0000 HTTP/1.1\r\n" + host + "\r\n",
            "GET /{} HTTP/1.1\r\n" + host + "\r\n",
            "\u0016\u0003\u0001\u0002\u0000",
            "POST /body HTTP/1.1\r\n" + host + "Content-Length: 10\r\n\r\nhalf",
            "POST /body HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
            "POST /body HTTP/1.1\r\n" + host + "Content-Length: ten\r\n\r\n",
            "POST /body HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n",
            "POST /body HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST /body HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
            "POST /body HTTP/1.1\r\n"
                + host
                + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "GET / HTTP/1.1\r\n" + host + "X: " + "y".repeat(100_000) + "\r\n\r\n",
            "GET / HTTP/1.1\r\n" + host + manyHeaders() + "\r\n",
            "GET /" + "x".repeat(100_000),
            "BREW / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
            "CONNECT 127.0.0.1:1 HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
            "TRACE / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n")) {
      int status = status(request);
      assertTrue(status == 0 || status >= 400 && status < 500, () -> status + " to " + request);
    }
  }

  private static String manyHeaders() {
    return IntStream.range(0, 1000).mapToObj("X%d: y\r\n"::formatted).collect(Collectors.joining());
  }

  /** A connection that the server closes with bytes unread may be reset. */
  private int status(String request) {
    try {
      return TestClient.status(client.raw(request));
    } catch (IOException e) {
      return 0;
    }
  }

  /** The answer comes before the body, so that nobody sends a gigabyte in vain. */
  @Test
  void anUploadThatIsTooLongIsRefusedAtOnce() throws IOException {
    try (Socket socket = client.connect()) {
      socket
          .getOutputStream()
          .write(
              "POST /body HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 1073741824\r\n\r\n"
                  .formatted(client.port())
                  .getBytes(StandardCharsets.US_ASCII));
      String start = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

      assertEquals("HTTP/1.1 413", start);
    }
  }

  @Test
  void slowClientsDoNotStopOthers() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        Socket socket = client.connect();
        sockets.add(socket);
        // some are silent, the others stop in the middle of a line, of the headers, of the body
        String sent =
            switch (i % 4) {
              case 0 -> "";
              case 1 -> "GET /ind";
              case 2 -> "GET / HTTP/1.1\r\nHost: x";
              default ->
                  "POST /body HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 9\r\n\r\nx"
                      .formatted(client.port());
            };
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 20; i++) {
        assertEquals(200, TestClient.status(client.rawGet("/index.html")));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** More of them with {@code -Dfuzz.requests=10000}. */
  @Test
  void noRequestMakesAFault() throws IOException {
    Random random = new Random(1);
    int count = Integer.getInteger("fuzz.requests", 300);
    for (int i = 0; i < count; i++) {
      String request = fuzzed(random);
      int status = status(request);
      // 501 is the right answer to a Transfer-Encoding that is not known
      assertTrue(status < 500 || status == 501, () -> status + " to " + request);
    }
  }

  private String fuzzed(Random random) {
    String body = "{\"a\": [1, 2, {\"b\": null}]}";
    StringBuilder request =
        new StringBuilder(pick(random, "GET", "POST", "HEAD", "PUT", "OPTIONS", "get", ""))
            .append(' ')
            .append(
                pick(
                    random,
                    "/",
                    "/index.html",
                    "/file/a%20b",
                    "/file/x?n=1&n=%zz",
                    "/body",
                    "/json",
                    "http://evil.example/",
                    "/../x"))
            .append(pick(random, " HTTP/1.1", " HTTP/1.0", " HTTP/9", ""))
            .append("\r\nHost: 127.0.0.1:")
            .append(client.port())
            .append("\r\nConnection: close\r\n")
            .append(
                pick(
                    random,
                    "Content-Length: " + body.length(),
                    "Content-Length: 7",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: gzip",
                    "Expect: 100-continue",
                    "Origin: null",
                    "If-None-Match: *",
                    "Cookie: ;=;=",
                    "Range: bytes=5-1"))
            .append("\r\n\r\n")
            .append(pick(random, body, "1a\r\n" + body + "\r\n0\r\n\r\n", ""));
    for (int n = random.nextInt(4); n > 0 && !request.isEmpty(); n--) {
      int at = random.nextInt(request.length());
      switch (random.nextInt(4)) {
        case 0 -> request.setCharAt(at, (char) random.nextInt(256));
        case 1 -> request.insert(at, (char) random.nextInt(256));
        case 2 -> request.deleteCharAt(at);
        default -> request.setLength(at);
      }
    }
    return request.toString();
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
