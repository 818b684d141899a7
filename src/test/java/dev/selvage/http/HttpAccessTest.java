package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpAccessTest {
  private static final String TOKEN = "0123456789abcdef";

  private static final Routes ROUTES =
      new Routes()
          .get("/", r -> Response.text("home"))
          .get("/view/{name}", r -> Response.text(r.parameter("name")))
          .post("/change", r -> Response.text("changed"))
          .probe("/healthz", r -> Response.text("alive"));

  private static String request(String method, String path, String... headers) {
    return "%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        .formatted(method, path, String.join("\r\n", headers));
  }

  @Test
  void onlyItsOwnNamesReachALocalService() throws IOException {
    try (HttpService service = HttpService.start(Listen.local(0), ROUTES)) {
      TestClient client = new TestClient(service);
      int port = client.port();
      for (String host : new String[] {"127.0.0.1:", "localhost:", "LocalHost:", "[::1]:"}) {
        assertEquals(
            200, TestClient.status(client.raw(request("GET", "/", "Host: " + host + port))), host);
      }
      for (String host :
          new String[] {
            "evil.example:" + port,
            "127.0.0.1",
            "127.0.0.1:80",
            "",
            "localhost.evil.example:" + port
          }) {
        assertEquals(
            403, TestClient.status(client.raw(request("GET", "/", "Host: " + host))), host);
      }
      String twice = request("GET", "/", "Host: 127.0.0.1:" + port, "Host: evil.example");
      assertEquals(400, TestClient.status(client.raw(twice)));
      assertEquals(400, TestClient.status(client.raw(request("GET", "/", "X: y"))));
      assertEquals(
          200, TestClient.status(client.raw(request("GET", "/healthz", "Host: 10.0.0.7"))));
    }
  }

  @Test
  void pagesOfOtherSitesChangeNothing() throws IOException {
    try (HttpService service = HttpService.start(Listen.local(0), ROUTES)) {
      TestClient client = new TestClient(service);
      String own = "http://127.0.0.1:" + client.port();
      String host = "Host: 127.0.0.1:" + client.port();
      assertEquals(200, post(client, host));
      assertEquals(200, post(client, host, "Origin: " + own, "Sec-Fetch-Site: same-origin"));
      assertEquals(403, post(client, host, "Origin: http://evil.example"));
      assertEquals(403, post(client, host, "Origin: null"));
      assertEquals(403, post(client, host, "Origin: http://localhost:" + client.port()));
      assertEquals(403, post(client, host, "Origin: http://127.0.0.1:1"));
      assertEquals(403, post(client, host, "Sec-Fetch-Site: cross-site"));
      assertEquals(403, post(client, host, "Sec-Fetch-Site: same-site"));
    }
  }

  private static int post(TestClient client, String... headers) throws IOException {
    return TestClient.status(client.raw(request("POST", "/change", headers)));
  }

  @Test
  void otherHostsNeedTheToken() throws IOException {
    Listen listen = Listen.on("0.0.0.0", 0, Optional.of(TOKEN));
    try (HttpService service = HttpService.start(listen, ROUTES)) {
      TestClient client = new TestClient(service);
      HttpResponse<String> without = client.get("/");
      assertEquals(401, without.statusCode());
      assertEquals("Bearer", without.headers().firstValue("WWW-Authenticate").orElse(""));
      assertFalse(without.body().contains(TOKEN));
      assertEquals(401, client.get("/nowhere").statusCode());
      assertEquals(401, client.get("/", "Authorization", "Bearer " + TOKEN + "0").statusCode());
      assertEquals(401, client.get("/", "Authorization", "Basic " + TOKEN).statusCode());
      assertEquals(401, client.get("/?token=wrong").statusCode());
      assertEquals(401, client.post("/change?token=" + TOKEN, "").statusCode());
      assertEquals("home", client.get("/", "Authorization", "Bearer " + TOKEN).body());
      assertEquals("alive", client.get("/healthz").body());
      // behind all addresses may be a name that the machine does not know
      String named = request("GET", "/", "Host: name.example:1", "Authorization: Bearer " + TOKEN);
      assertEquals(200, TestClient.status(client.raw(named)));
    }
  }

  @Test
  void theTokenMovesFromTheAddressIntoACookie() {
    Listen listen = Listen.on("0.0.0.0", 0, Optional.of(TOKEN));
    try (HttpService service = HttpService.start(listen, ROUTES)) {
      TestClient client = new TestClient(service);
      HttpResponse<String> answer = client.get("/view/a%2Fb?x=1&token=" + TOKEN);

      assertEquals(303, answer.statusCode());
      assertEquals("/view/a%2Fb?x=1", answer.headers().firstValue("Location").orElse(""));
      String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
      assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
      String pair = cookie.substring(0, cookie.indexOf(';'));
      assertEquals("a/b", client.get("/view/a%2Fb", "Cookie", "other=1; " + pair).body());
      assertEquals(401, client.get("/", "Cookie", pair + "0").statusCode());
      assertEquals("?token=" + TOKEN, "?" + service.entry().getQuery());
    }
  }

  /** Else a link to this service could lead to another. */
  @Test
  void theRedirectStaysHere() throws IOException {
    Listen listen = Listen.on("0.0.0.0", 0, Optional.of(TOKEN));
    try (HttpService service = HttpService.start(listen, ROUTES)) {
      String answer = new TestClient(service).rawGet("//evil.example/?token=" + TOKEN);

      assertFalse(answer.contains("//evil"), answer);
    }
  }

  @Test
  void aTokenIsDrawnWhereNoneIsGiven() {
    Listen first = Listen.on("0.0.0.0", 0, Optional.empty());
    Listen second = Listen.on("0.0.0.0", 0, Optional.empty());

    assertEquals(32, first.token().orElseThrow().length());
    assertNotEquals(first.token(), second.token());
    assertEquals(Optional.empty(), Listen.on("localhost", 0, Optional.empty()).token());
    assertThrows(UserError.class, () -> Listen.on("0.0.0.0", 0, Optional.of("short")));
    assertThrows(UserError.class, () -> Listen.on("0.0.0.0", 0, Optional.of(TOKEN + "; x")));
    assertThrows(IllegalArgumentException.class, () -> new Listen("0.0.0.0", 0, Optional.empty()));
  }
}
