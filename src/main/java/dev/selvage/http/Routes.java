package dev.selvage.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a service answers: methods, patterns of paths, and a handler for each. A part of a pattern
 * in braces, as in {@code /api/runs/{run}/log}, is a parameter. The first pattern that fits a path
 * wins. HEAD is answered wherever GET is.
 */
public final class Routes {
  /** A route that fits a request, and its parameters. */
  record Match(Route route, Map<String, String> parameters) {}

  private static final String GET = "GET";
  private static final String HEAD = "HEAD";

  private final List<Route> routes = new ArrayList<>();

  /** Answers GET, which changes nothing. */
  public Routes get(String pattern, Handler handler) {
    routes.add(new Route(GET, pattern, handler, false));
    return this;
  }

  /** Answers POST, which may change something or carry a body. */
  public Routes post(String pattern, Handler handler) {
    routes.add(new Route("POST", pattern, handler, false));
    return this;
  }

  /**
   * Answers GET of machines that ask whether the service lives: without a token, under any host
   * name, and while the service drains.
   */
  public Routes probe(String pattern, Handler handler) {
    routes.add(new Route(GET, pattern, handler, true));
    return this;
  }

  /** The methods and patterns of all routes, such as {@code GET /healthz}. */
  public List<String> list() {
    return routes.stream().map(route -> route.method() + " " + route.pattern()).toList();
  }

  /** Whether a request is a probe. */
  boolean isProbe(String method, String rawPath) {
    return (method.equals(GET) || method.equals(HEAD))
        && routes.stream().anyMatch(r -> r.probe() && r.pattern().equals(rawPath));
  }

  /** Takes over all routes of others, behind those that are here. */
  public Routes add(Routes others) {
    routes.addAll(others.routes);
    return this;
  }

  /**
   * Finds the route of a request; empty where no pattern fits its path.
   *
   * @throws HttpFailure the path is badly encoded
   * @throws MethodNotAllowed the path is there, but not with this method
   */
  Optional<Match> match(String method, String rawPath) {
    String asked = method.equals(HEAD) ? GET : method;
    Set<String> allowed = new LinkedHashSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = route.match(rawPath);
      if (parameters.isEmpty()) {
        continue;
      } else if (route.method().equals(asked)) {
        return Optional.of(new Match(route, parameters.get()));
      }
      allowed.add(route.method());
      if (route.method().equals(GET)) {
        allowed.add(HEAD);
      }
    }
    if (!allowed.isEmpty()) {
      throw new MethodNotAllowed(String.join(", ", allowed));
    }
    return Optional.empty();
  }
}
