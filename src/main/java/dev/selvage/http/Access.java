package dev.selvage.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may ask. A page of another site, open in a browser on this machine, can send requests to this
 * service too: the header Host shows that it was reached under a foreign name (DNS rebinding), the
 * headers Origin and Sec-Fetch-Site show that a foreign page asks. Other machines need the token.
 */
final class Access {
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD");
  private static final String BEARER = "Bearer ";
  private static final String TOKEN = "token";

  /** What the header Host may say, in small letters; empty where it may say anything. */
  private final Set<String> hosts;

  private final Optional<String> token;
  private final String cookie;

  Access(Listen listen, int port) {
    token = listen.token();
    // a browser sends the cookies of all ports of a host
    cookie = "selvage_token_" + port;
    // behind all addresses of a machine are names that it does not know; the token tells friends
    hosts =
        listen.address().isAnyLocalAddress()
            ? Set.of()
            : Stream.concat(
                    listen.address().isLoopbackAddress()
                        ? Stream.of("127.0.0.1", "localhost", "[::1]")
                        : Stream.empty(),
                    Stream.of(bracketed(listen.host())))
                .flatMap(
                    host ->
                        port == 80 ? Stream.of(host, host + ":80") : Stream.of(host + ":" + port))
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
  }

  /** A host as it stands in an address. */
  static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /** The answer to a request that may not go on; empty for others. */
  Optional<Response> refusal(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    List<String> named = headers.getOrDefault("Host", List.of());
    if (named.size() != 1) {
      return Optional.of(Response.error(400, "header Host: expected one, found " + named.size()));
    }
    String host = named.get(0).toLowerCase(Locale.ROOT);
    if (!hosts.isEmpty() && !hosts.contains(host)) {
      return Optional.of(
          Response.error(
              403,
              "header Host: expected %s, found '%s'"
                  .formatted(hosts.stream().sorted().collect(Collectors.joining(" or ")), host)));
    }
    if (!HARMLESS.contains(exchange.getRequestMethod()) && isForeign(headers, host)) {
      return Optional.of(Response.error(403, "a page of another site may not ask this"));
    }
    return token.flatMap(expected -> refusal(exchange, expected));
  }

  private static boolean isForeign(Headers headers, String host) {
    String site = headers.getFirst("Sec-Fetch-Site");
    String origin = headers.getFirst("Origin");
    return site != null && !site.equals("same-origin") && !site.equals("none")
        || origin != null
            && !origin.equalsIgnoreCase("http://" + host)
            && !origin.equalsIgnoreCase("https://" + host);
  }

  private Optional<Response> refusal(HttpExchange exchange, String expected) {
    Headers headers = exchange.getRequestHeaders();
    String bearer = headers.getFirst("Authorization");
    if (bearer != null
            && bearer.startsWith(BEARER)
            && same(bearer.substring(BEARER.length()), expected)
        || cookies(headers).anyMatch(value -> same(value, expected))) {
      return Optional.empty();
    }
    Optional<String> inQuery = new Query(exchange.getRequestURI().getRawQuery()).get(TOKEN);
    if (exchange.getRequestMethod().equals("GET")
        && inQuery.filter(v -> same(v, expected)).isPresent()) {
      // the token leaves the address, where others might read it over a shoulder or in a history
      return Optional.of(
          Response.redirect(withoutToken(exchange.getRequestURI()))
              .with("Set-Cookie", cookie + "=" + expected + "; Path=/; HttpOnly; SameSite=Strict"));
    }
    return Optional.of(
        Response.error(
                401,
                "a token is needed: open the address that was printed at the start, or send the"
                    + " header Authorization: Bearer TOKEN")
            .with("WWW-Authenticate", "Bearer"));
  }

  private static String withoutToken(URI asked) {
    String query =
        Stream.of(asked.getRawQuery().split("&"))
            .filter(pair -> !pair.startsWith(TOKEN + "="))
            .collect(Collectors.joining("&"));
    // two slashes would begin the name of another host
    String path = asked.getRawPath().replaceFirst("^/+", "/");
    return query.isEmpty() ? path : path + "?" + query;
  }

  private Stream<String> cookies(Headers headers) {
    return headers.getOrDefault("Cookie", List.of()).stream()
        .flatMap(line -> Stream.of(line.split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(cookie + "="))
        .map(pair -> pair.substring(cookie.length() + 1));
  }

  /** Compares in a time that does not tell how much is right. */
  private static boolean same(String found, String expected) {
    return MessageDigest.isEqual(
        found.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
