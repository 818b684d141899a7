package dev.selvage.studio.runs;

import dev.selvage.http.Handler;
import dev.selvage.http.HttpFailure;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The runs of a folder: their table, their curves as they grow, and trainings to start and stop.
 */
public final class RunRoutes {
  private static final int FORM_BYTES = 1 << 18;

  /** More curves than that nobody can tell apart. */
  private static final int MOST_CURVES = 24;

  private final Trainings trainings;
  private final RunTable table;

  /**
   * The routes of a folder of runs.
   *
   * @param runs need not exist yet
   */
  public RunRoutes(Path runs) {
    trainings = new Trainings(runs);
    table = new RunTable(runs, trainings::isStarting);
  }

  /** What a server answers. */
  public Routes routes() {
    return new Routes()
        .get("/api/runs", request -> Response.json(table.rows()))
        .get("/api/run-events", this::events)
        .get("/api/runs/{run}", this::details)
        .post("/api/runs", form(this::begin))
        .post("/api/runs/{run}/stop", this::stop)
        .post("/api/runs/{run}/resume", form(this::resume));
  }

  private Response events(Request request) {
    List<String> curves =
        request.query("curves").stream()
            .flatMap(names -> Stream.of(names.split("/"))) // which no folder has in its name
            .filter(name -> !name.isEmpty())
            .toList();
    if (curves.size() > MOST_CURVES) {
      throw new HttpFailure(
          400,
          "query: curves: expected at most %d runs, found %d"
              .formatted(MOST_CURVES, curves.size()));
    }
    Optional<String> output = request.query("output");
    return Response.events(events -> new RunEvents(table, curves, output).send(events));
  }

  private Response details(Request request) {
    Path dir = dir(request);
    return Response.json(RunDetails.of(dir, table.files(dir)));
  }

  private Response begin(Request request) throws IOException {
    Path dir = trainings.begin(request.json(TrainingForm.class, FORM_BYTES));
    return Response.json(Map.of("run", dir.getFileName().toString()));
  }

  private Response stop(Request request) {
    trainings.stop(dir(request));
    return Response.empty();
  }

  private Response resume(Request request) throws IOException {
    Path dir = dir(request);
    trainings.resume(dir, request.json(FORM_BYTES).path("data").asText().strip());
    return Response.empty();
  }

  private Path dir(Request request) {
    String run = request.parameter("run");
    return table
        .find(run)
        .orElseThrow(() -> new HttpFailure(404, "expected a run of this folder, found no " + run));
  }

  /** Errors of a form say which field they belong to. */
  private static Handler form(Handler handler) {
    return request -> {
      try {
        return handler.handle(request);
      } catch (FieldError e) {
        return Response.json(Map.of("error", e.getMessage(), "field", e.field())).status(400);
      }
    };
  }
}
