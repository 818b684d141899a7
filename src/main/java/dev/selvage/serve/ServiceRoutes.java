package dev.selvage.serve;

import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import dev.selvage.http.StaticFiles;
import java.util.List;
import java.util.Map;

/** What a service tells about itself: whether it lives, what it does, and how to ask it. */
public final class ServiceRoutes {
  private ServiceRoutes() {}

  /** {@code GET /healthz}, {@code GET /metrics} and {@code GET /openapi.json}. */
  public static Routes routes(Metrics metrics, PredictionQueue queue) {
    return new Routes()
        .probe(
            "/healthz",
            request ->
                request.draining()
                    ? Response.json(Map.of("status", "draining")).status(503)
                    : Response.json(Map.of("status", "ok")))
        .get("/metrics", request -> metrics.response(queue::length))
        .add(StaticFiles.of("/serve", List.of("openapi.json")).routes("/"));
  }
}
