package dev.selvage.studio.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RunRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Path runs;
  private HttpService server;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    runs = folder.resolve("runs");
    server = HttpService.start(Listen.local(0), new RunRoutes(runs).routes());
  }

  @AfterEach
  void end() {
    server.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(server.address().resolve(path));
  }

  private HttpResponse<String> post(String path, Map<String, String> body) throws Exception {
    return send(at(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  @Test
  void theTableAndARunAreJson() throws Exception {
    assertEquals("[]", send(at("/api/runs")).body());
    RunFixture.write(runs, "my run", 1, "EPOCHS=9", "LRS=0.02").epoch(1, Double.NaN);
    JsonNode row = JSON.readTree(send(at("/api/runs")).body()).get(0);
    assertEquals("my run", row.get("id").asText());
    assertEquals("stopped", row.get("state").asText());
    assertTrue(row.get("maskAp").isNull());
    JsonNode run = JSON.readTree(send(at("/api/runs/my%20run")).body());
    assertEquals(
        "java -jar selvage.jar train --data data/my photos --preset sample",
        run.at("/commands/0").asText());
    assertEquals("data/my photos", run.get("data").asText());
    assertTrue(
        run.get("again")
            .asText()
            .endsWith(
                " train --data 'data/my photos' --preset sample --set EPOCHS=9 --set LRS=0.02"
                    + " --seed 7 --new"),
        () -> run.get("again").asText());
    assertEquals("[9]", run.at("/settings/EPOCHS").toString());
  }

  @Test
  void whatIsNotThereIsASentence() throws Exception {
    RunFixture.write(runs, "a", 1);
    assertEquals(404, send(at("/api/runs/b")).statusCode());
    HttpResponse<String> stop = post("/api/runs/a/stop", Map.of());
    assertEquals(400, stop.statusCode());
    assertTrue(stop.body().contains("expected a training of this machine to stop, found none"));
    HttpResponse<String> resume = post("/api/runs/a/resume", Map.of("data", "nowhere"));
    assertEquals(400, resume.statusCode());
    assertEquals(
        JSON.valueToTree(
            Map.of("error", "expected the run's dataset, found no 'nowhere'", "field", "data")),
        JSON.readTree(resume.body()));
    assertEquals(400, post("/api/runs", Map.of("colour", "red")).statusCode());
    assertEquals("preset", field(Map.of("data", runs.toString(), "preset", "x")));
    assertEquals(400, send(at("/api/run-events?curves=" + "a/".repeat(25))).statusCode());
  }

  private String field(Map<String, String> form) throws Exception {
    HttpResponse<String> answer = post("/api/runs", form);
    assertEquals(400, answer.statusCode());
    return JSON.readTree(answer.body()).get("field").asText();
  }

  /** The next event of a name. */
  private static JsonNode next(Iterator<String> lines, String name) throws IOException {
    while (lines.hasNext()) {
      if (lines.next().equals("event: " + name)) {
        return JSON.readTree(lines.next().substring("data: ".length()));
      }
    }
    throw new IOException("the stream ended");
  }

  @Test
  @Timeout(120)
  void eventsFollowTheFiles() throws Exception {
    RunFixture run = RunFixture.write(runs, "a", 1).epoch(1, Double.NaN);
    try (Stream<String> stream =
        client
            .send(at("/api/run-events?curves=a/none&output=a").build(), BodyHandlers.ofLines())
            .body()) {
      Iterator<String> lines = stream.iterator();
      assertEquals(1, next(lines, "runs").at("/0/epoch").asInt());
      JsonNode curves = next(lines, "curves");
      assertEquals("[4.0]", curves.at("/columns/loss").toString());
      assertTrue(curves.at("/columns/val_mask_AP").isMissingNode());
      assertEquals("", next(lines, "output").get("text").asText());

      Files.writeString(run.dir.resolve("output.txt"), "epoch 2 begins\n");
      assertEquals("epoch 2 begins\n", next(lines, "output").get("text").asText());

      run.append("2,0.02,1.5"); // torn
      run.append(",0.5,1.7,0.25,0.3,12.5,0.03,30.5,412\n");
      // a look between the two writes finds one epoch still
      do {
        curves = next(lines, "curves");
      } while (curves.get("epochs").size() < 2);
      assertEquals("[null,0.25]", curves.at("/columns/val_mask_AP").toString());
    }
  }

  /** The whole way of a training: begun, stopped by a signal, continued, stopped again. */
  @Test
  void aTrainingIsAProcessOfItsOwn() throws Exception {
    Path data = TinyDataset.write(folder.resolve("data"), 5);
    String settings =
        String.join("\n", TinyDataset.SETTINGS)
            .replace("STEPS_PER_EPOCH=3", "STEPS_PER_EPOCH=1000000");
    HttpResponse<String> begun =
        post(
            "/api/runs", Map.of("data", data.toString(), "preset", "sample", "settings", settings));
    assertEquals(200, begun.statusCode(), begun::body);
    String id = JSON.readTree(begun.body()).get("run").asText();
    Path dir = runs.resolve(id);
    stop(dir, "new run on 5 photos");
    await(dir, "stopped");
    assertTrue(output(dir).contains("the step is finished and the run saved"), () -> output(dir));
    assertTrue(Files.exists(dir.resolve("state_midway.safetensors")));

    assertEquals(
        204, post("/api/runs/" + id + "/resume", Map.of("data", data.toString())).statusCode());
    await(dir, "running");
    assertEquals(
        400, post("/api/runs/" + id + "/resume", Map.of("data", data.toString())).statusCode());
    stop(dir, "continued after epoch 0");
    await(dir, "stopped");
  }

  /** Stops a training when it has said something. */
  private void stop(Path dir, String sign) throws Exception {
    await(dir, "running");
    while (!output(dir).contains(sign)) {
      Thread.sleep(20);
    }
    assertEquals(204, post("/api/runs/" + dir.getFileName() + "/stop", Map.of()).statusCode());
  }

  private void await(Path dir, String state) throws Exception {
    String found = "";
    while (!found.equals(state)) {
      found = JSON.readTree(send(at("/api/runs")).body()).at("/0/state").asText();
      assertTrue(List.of("starting", "running", state).contains(found), () -> output(dir));
      Thread.sleep(20);
    }
  }

  private static String output(Path dir) {
    return TrainingOutput.tail(dir);
  }
}
