package dev.selvage.studio.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.TinyRun;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.http.Routes;
import dev.selvage.studio.data.OpenedDataset;
import dev.selvage.studio.data.RunSplits;
import dev.selvage.tune.Tuned;
import dev.selvage.tune.TunedFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsRoutesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODEL = "run=tiny20260101T0000&epoch=1&part=valid";

  @TempDir static Path folder;

  private static TinyRun tiny;
  private static HttpService service;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** Runs on the thread of the request, so that a job is done when its request is answered. */
  @BeforeAll
  static void judge() throws Exception {
    tiny = new TinyRun(folder);
    Path runs = tiny.run.getParent();
    OpenedDataset opened = new OpenedDataset(tiny.data, null);
    opened.await();
    Optional<String> weights = Optional.of(tiny.run.toString());
    Routes routes =
        new ResultsRoutes(opened, new RunSplits(runs), weights, config -> config, Runnable::run)
            .routes();
    service = HttpService.start(Listen.local(0), routes);
    JsonNode before = get("/api/results/job?" + MODEL);
    assertEquals("none", before.path("stage").asText(), before.toString());
    assertEquals(2, before.path("total").asInt());
    assertEquals(false, before.path("kept").asBoolean());
    assertTrue(
        get("/api/results/measures?" + MODEL).path("error").asText().contains("has not been run"));
    JsonNode after =
        post(
            "/api/results/job",
            "{\"run\": \"tiny20260101T0000\", \"epoch\": \"1\", \"part\": \"valid\"}");
    assertEquals("ready", after.path("stage").asText(), after.toString());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(service.address().resolve(path)).build();
    return JSON.readTree(CLIENT.send(request, BodyHandlers.ofByteArray()).body());
  }

  private static JsonNode post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(service.address().resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    byte[] answer = CLIENT.send(request, BodyHandlers.ofByteArray()).body();
    return answer.length == 0 ? JSON.nullNode() : JSON.readTree(answer);
  }

  @Test
  void theMeasuresAreThoseOfEvaluate() throws Exception {
    String weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5").toString();
    String printed =
        TinyRun.call("evaluate", "--data", tiny.data.toString(), "--weights", weights, "--json")
            .out();
    ObjectNode expected = (ObjectNode) JSON.readTree(printed);
    JsonNode found = get("/api/results/measures?" + MODEL);
    for (String key :
        new String[] {"bbox", "segm", "tide", "boundary", "confusion", "curves", "calibration"}) {
      // masks kept in 16 bits are 0.00001 off, which decides nothing here
      assertEquals(expected.get(key), found.get(key), key);
    }
    assertEquals(expected.get("kaggle2019"), found.get("kaggle2019"));
    assertEquals(2, found.path("photos").asInt());
    assertEquals("pants", found.at("/classes/1/name").asText());
  }

  @Test
  void everyNumberHasItsExamples() throws Exception {
    JsonNode measures = get("/api/results/measures?" + MODEL);
    int cells = 0;
    for (JsonNode cell : get("/api/results/confusion?" + MODEL + "&score=0.3")) {
      String query =
          "&group=cell&score=0.3&truth=%d&find=%d"
              .formatted(cell.get(0).asInt(), cell.get(1).asInt());
      JsonNode examples = get("/api/results/examples?" + MODEL + query);
      assertEquals(cell.get(2).asInt(), examples.path("count").asInt());
      cells += examples.path("entries").size();
    }
    assertTrue(cells > 0);
    for (Map.Entry<String, JsonNode> type : measures.at("/tide/segm/counts").properties()) {
      JsonNode examples =
          get("/api/results/examples?" + MODEL + "&group=error&type=" + type.getKey());
      assertEquals(type.getValue().asInt(), examples.path("count").asInt());
    }
    JsonNode suspects = get("/api/results/examples?" + MODEL + "&group=suspects");
    assertEquals(measures.path("suspects").asInt(), suspects.path("count").asInt());
    JsonNode hardest = get("/api/results/examples?" + MODEL + "&group=hardest&limit=1");
    assertEquals(2, hardest.path("count").asInt());
    assertEquals(1, hardest.path("entries").size());
    assertTrue(
        get("/api/results/examples?" + MODEL + "&group=error&type=Odd")
            .path("error")
            .asText()
            .startsWith("query: type: expected a type of error"));
  }

  @Test
  void rightWrongAndUnfoundObjectsAddUp() throws Exception {
    int truths = 4;
    for (double score : new double[] {0.05, 0.4, 0.9}) {
      int right = count("tp", score, "");
      int unfound = count("fn", score, "");
      assertEquals(truths, right + unfound);
      assertEquals(
          count("fp", score, ""),
          count("fp", score, "&class=1")
              + count("fp", score, "&class=2")
              + count("fp", score, "&class=3"));
    }
    assertTrue(count("fp", 0.05, "") > 0);
    assertEquals(0, count("fp", 0.05, "&least=0.999"));
  }

  private static int count(String group, double score, String more) throws Exception {
    return get("/api/results/examples?%s&group=%s&score=%s%s".formatted(MODEL, group, score, more))
        .path("count")
        .asInt(-1);
  }

  @Test
  void aPhotoHasTruthAndDetections() throws Exception {
    JsonNode hardest = get("/api/results/examples?" + MODEL + "&group=hardest");
    int index = hardest.at("/entries/0/index").asInt();
    JsonNode photo = get("/api/results/photos/" + index + "?" + MODEL);
    assertEquals(2, photo.path("truths").size());
    assertTrue(photo.path("finds").size() > 0);
    assertTrue(photo.at("/finds/0/score").asDouble() >= photo.at("/finds/1/score").asDouble());
    assertTrue(photo.at("/truths/0/path").asText().startsWith("M"));
    assertTrue(
        get("/api/results/photos/9?" + MODEL).path("error").asText().startsWith("photo: expected"));
  }

  @Test
  void thresholdsAreSavedAsTunedSettingsAndNothingIsReplaced() throws Exception {
    String body =
        "{\"run\": \"tiny20260101T0000\", \"epoch\": \"1\", \"part\": \"valid\", \"scores\": %s}";
    Path first =
        Path.of(
            post("/api/results/tuned", body.formatted("[0.5, 0.4, 0.35]")).path("file").asText());
    assertEquals(tiny.run.resolve("tuned-studio.json").toAbsolutePath(), first);
    byte[] bytes = Files.readAllBytes(first);
    Path second =
        Path.of(post("/api/results/tuned", body.formatted("[1, 1, 1]")).path("file").asText());
    assertEquals("tuned-studio-2.json", second.getFileName().toString());
    assertArrayEquals(bytes, Files.readAllBytes(first));
    Tuned tuned = TunedFile.read(first);
    assertArrayEquals(new double[] {0.5, 0.4, 0.35}, tuned.rules().scores());
    assertTrue(tuned.isByHand());
    assertEquals(0, TunedFile.read(second).expected());
    TinyRun.Outcome outcome =
        TinyRun.call(
            "evaluate",
            "--data",
            tiny.data.toString(),
            "--weights",
            tiny.run.toString(),
            "--tuned",
            first.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(
        "scores: expected one for each of the 3 classes, found 1",
        post("/api/results/tuned", body.formatted("[1]")).path("error").asText());
    assertEquals(
        "scores: expected numbers in 0..1, found 2.0",
        post("/api/results/tuned", body.formatted("[1, 2, 0]")).path("error").asText());
  }

  @Test
  void otherModelsAreSentences() throws Exception {
    assertEquals(
        "expected a run in %s, found none named '../data'".formatted(tiny.run.getParent()),
        get("/api/results/job?run=../data&epoch=1").path("error").asText());
    assertEquals(
        "tiny20260101T0000: expected an epoch with weights, found none with '7'",
        post(
                "/api/results/job",
                "{\"run\": \"tiny20260101T0000\", \"epoch\": \"7\", \"part\": \"all\"}")
            .path("error")
            .asText());
    for (String body :
        new String[] {"{}", "[]", "{\"part\": \"../../x\", \"run\": \"tiny20260101T0000\"}"}) {
      for (String path : new String[] {"/api/results/job", "/api/results/tuned"}) {
        String error = post(path, body).path("error").asText();
        assertTrue(error.startsWith("part: expected train, valid or all, found '"), error);
      }
    }
    JsonNode models = get("/api/results");
    assertEquals("[\"1\"]", models.at("/runs/0/epochs").toString());
    assertEquals(tiny.run.toString(), models.path("weights").asText());
    assertEquals(2, get("/api/results/job?part=valid").path("total").asInt());
  }
}
