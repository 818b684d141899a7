package dev.selvage.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.TinyRun;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.coco.CocoSegmentation;
import dev.selvage.data.image.PhotoBytes;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.predict.View;
import dev.selvage.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionRoutesTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;

  private static HttpResponse<byte[]> send(
      TestModel model, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(model.service.address().resolve(path))
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<byte[]> answer) throws IOException {
    assertEquals(200, answer.statusCode(), () -> text(answer));
    return MAPPER.readTree(answer.body());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static byte[] photo() {
    return PhotoBytes.noise(".png", 50, 70);
  }

  private static String get(TestModel model, String path) throws Exception {
    URI address = model.service.address().resolve(path);
    return CLIENT.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
  }

  /** Photos of several formats, one of them with an orientation mark. */
  private Map<String, byte[]> photos() {
    Map<String, byte[]> photos = new TreeMap<>();
    for (String ending : new String[] {".jpg", ".png", ".webp", ".bmp", ".tif"}) {
      photos.put("a" + ending, PhotoBytes.noise(ending, 50, 70));
    }
    photos.put("b.jpg", PhotoBytes.marked(photos.get("a.jpg"), 6, ByteOrder.BIG_ENDIAN));
    return photos;
  }

  @Test
  void givesTheBitsOfPredict() throws Exception {
    requireBitsOfPredict(List.of(View.PLAIN));
  }

  @Test
  void givesTheBitsOfPredictWithViews() throws Exception {
    requireBitsOfPredict(View.parse("flip"), "--views", "flip");
  }

  private void requireBitsOfPredict(List<View> views, String... options) throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    Path out = folder.resolve("out");
    Map<String, byte[]> photos = photos();
    for (Map.Entry<String, byte[]> photo : photos.entrySet()) {
      Files.write(images.resolve(photo.getKey()), photo.getValue());
    }
    try (TestModel model = new TestModel(folder, views, LONG).compute()) {
      int image = 0;
      ObjectNode served = MAPPER.createObjectNode();
      for (Map.Entry<String, byte[]> photo : photos.entrySet()) {
        served.set(
            photo.getKey(),
            json(send(model, "/v1/predict?image_id=" + image++, photo.getValue())).get("results"));
      }
      byte[] picture =
          send(model, "/v1/predict", photos.get("b.jpg"), "Accept", "image/jpeg").body();
      model.service.close();
      String[] command = {
        "predict",
        "--weights",
        model.run.run.toString(),
        "--images",
        images.toString(),
        "--out",
        out.toString(),
        "--set",
        TestModel.SETTINGS.get(0)
      };
      Outcome outcome =
          TinyRun.call(Stream.of(command, options).flatMap(Arrays::stream).toArray(String[]::new));
      assertEquals(0, outcome.code(), outcome.err());

      ObjectNode written = MAPPER.createObjectNode();
      photos.keySet().forEach(name -> written.putArray(name));
      for (JsonNode result : MAPPER.readTree(out.resolve("detections.json").toFile())) {
        String name = ((ObjectNode) result).remove("file_name").asText();
        written.withArray(name).add(result);
      }
      assertTrue(written.get("b.jpg").size() > 0);
      assertEquals(written, served);
      assertArrayEquals(Files.readAllBytes(out.resolve("b.jpg")), picture);
    }
  }

  @Test
  void givesWhatTheClientAsksFor() throws Exception {
    long tensors = Tensor.live();
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG).compute()) {
      JsonNode whole = json(send(model, "/v1/predict", photo()));
      assertEquals("{\"width\":70,\"height\":50}", sorted(whole.get("image")));
      double least = whole.get("results").get(0).get("score").asDouble();
      JsonNode best =
          json(send(model, "/v1/predict?segmentation=none&min_score=" + least, photo()));
      assertEquals(least, best.get("results").get(0).get("score").asDouble());
      assertFalse(best.get("results").get(0).has("segmentation"));
      assertEquals(0, json(send(model, "/v1/predict?min_score=1", photo())).get("results").size());

      JsonNode polygons = json(send(model, "/v1/predict?segmentation=polygons", photo()));
      for (int i = 0; i < whole.get("results").size(); i++) {
        JsonNode runs = whole.get("results").get(i).get("segmentation");
        Rle mask = CocoRle.read(runs.get("counts").asText(), 50, 70);
        JsonNode outline = polygons.get("results").get(i).get("segmentation");
        Rle filled = Polygons.rasterise(CocoSegmentation.of(outline).polygons(), 50, 70);
        assertEquals(mask.area(), mask.intersection(filled));
      }

      HttpResponse<byte[]> png =
          send(model, "/v1/predict", photo(), "Accept", "text/html, image/png;q=0.5");
      assertEquals("image/png", png.headers().firstValue("Content-Type").orElse(""));
      assertEquals(0x89504E47, ByteBuffer.wrap(png.body()).getInt());
      String timing = png.headers().firstValue("Server-Timing").orElse("");
      assertTrue(
          timing.matches("decode;dur=.*, wait;dur=.*, compute;dur=.*, finish;dur=.*, draw;dur=.*"),
          timing);
    }
    assertEquals(tensors, Tensor.live());
  }

  private static String sorted(JsonNode size) {
    return "{\"width\":%s,\"height\":%s}".formatted(size.get("width"), size.get("height"));
  }

  @Test
  void takesAForm() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG).compute()) {
      ByteArrayOutputStream form = new ByteArrayOutputStream();
      form.writeBytes(
          "--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      form.writeBytes(photo());
      form.writeBytes("\r\n--x--\r\n".getBytes(StandardCharsets.US_ASCII));
      JsonNode sent =
          json(
              send(
                  model,
                  "/v1/predict",
                  form.toByteArray(),
                  "Content-Type",
                  "multipart/form-data; boundary=x"));

      assertEquals(json(send(model, "/v1/predict", photo())).get("results"), sent.get("results"));
    }
  }

  @Test
  void refusesWhatIsNoPhoto() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG).compute()) {
      requireError(400, "nothing", send(model, "/v1/predict", new byte[0]));
      requireError(400, "min_score", send(model, "/v1/predict?min_score=2", photo()));
      requireError(400, "minscore", send(model, "/v1/predict?minscore=0", photo()));
      requireError(400, "rle or polygons", send(model, "/v1/predict?segmentation=x", photo()));
      requireError(406, "Accept", send(model, "/v1/predict", photo(), "Accept", "text/html"));
      requireError(413, "at most", send(model, "/v1/predict", new byte[TestModel.LIMIT + 1]));
      requireError(
          415, "no JPEG", send(model, "/v1/predict", "<svg/>".getBytes(StandardCharsets.UTF_8)));
      requireError(422, "truncated", send(model, "/v1/predict", Arrays.copyOf(photo(), 40)));
      byte[] huge = photo();
      ByteBuffer.wrap(huge).putInt(16, 1 << 24).putInt(20, 1 << 24);
      requireError(413, "16777216", send(model, "/v1/predict", huge));
      // within the pixels of a mask, but not within memory
      ByteBuffer.wrap(huge).putInt(16, 60).putInt(20, 1 << 25);
      int status = send(model, "/v1/predict", huge).statusCode();
      assertTrue(status == 413 || status == 422, () -> "" + status);
      assertEquals(0, model.queue.length());
    }
  }

  /** More of them with {@code -Dfuzz.requests=10000}. */
  @Test
  void noPhotoMakesAFault() throws Exception {
    Random random = new Random(1);
    List<byte[]> whole = List.copyOf(photos().values());
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG).compute()) {
      for (int i = Integer.getInteger("fuzz.requests", 60); i > 0; i--) {
        byte[] photo = whole.get(random.nextInt(whole.size())).clone();
        for (int n = random.nextInt(8); n >= 0; n--) {
          // headers lie at the start, and decide the most
          int most = random.nextBoolean() ? photo.length : Math.min(200, photo.length);
          photo[random.nextInt(most)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(4) == 0) {
          photo = Arrays.copyOf(photo, 1 + random.nextInt(photo.length));
        }
        HttpResponse<byte[]> answer = send(model, "/v1/predict?segmentation=none", photo);
        assertTrue(answer.statusCode() < 500, () -> text(answer));
      }
      assertEquals(0, model.queue.length());
    }
  }

  private static void requireError(int status, String part, HttpResponse<byte[]> answer)
      throws IOException {
    assertEquals(status, answer.statusCode(), () -> text(answer));
    String sentence = MAPPER.readTree(answer.body()).get("error").asText();
    assertTrue(sentence.contains(part), sentence);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "waited for a minute");
      Thread.onSpinWait();
    }
  }

  @Test
  void aFullQueueSaysWhenToComeBack() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG)) {
      List<CompletableFuture<HttpResponse<byte[]>>> waiting =
          List.of(
              CompletableFuture.supplyAsync(() -> send(model, "/v1/predict", photo())),
              CompletableFuture.supplyAsync(() -> send(model, "/v1/predict", photo())));
      await(() -> model.queue.length() == TestModel.MOST);
      HttpResponse<byte[]> third = send(model, "/v1/predict", photo());

      requireError(429, "the queue is full", third);
      assertTrue(Integer.parseInt(third.headers().firstValue("Retry-After").orElse("")) >= 1);
      model.compute();
      for (CompletableFuture<HttpResponse<byte[]>> answer : waiting) {
        assertEquals(200, answer.get().statusCode());
      }
      assertEquals(0, model.queue.length());
    }
  }

  @Test
  void aPhotoThatTakesTooLongIsGivenUp() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), Duration.ofMillis(1))) {
      requireError(503, "in time", send(model, "/v1/predict", photo()));
      assertEquals(0, model.queue.length());
      model.compute();
    }
  }

  @Test
  void whatWaitsIsToldWhenTheQueueCloses() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG)) {
      CompletableFuture<HttpResponse<byte[]>> waiting =
          CompletableFuture.supplyAsync(() -> send(model, "/v1/predict", photo()));
      await(() -> model.queue.length() == 1);
      model.queue.close();
      model.compute();

      requireError(503, "the service stops", waiting.get());
      requireError(503, "the service stops", send(model, "/v1/predict", photo()));
    }
  }

  @Test
  void thePhotoOfAClientThatIsGoneIsNotComputed() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG)) {
      byte[] photo = photo();
      URI address = model.service.address();
      try (Socket socket = new Socket(address.getHost(), address.getPort())) {
        socket
            .getOutputStream()
            .write(
                "POST /v1/predict HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n"
                    .formatted(address.getAuthority(), photo.length)
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(photo);
        await(() -> model.queue.length() == 1);
      }
      await(() -> model.queue.length() == 0);
      model.compute();
      await(() -> metrics(model).contains("route=\"/v1/predict\",status=\"499\"} 1"));

      assertTrue(metrics(model).contains("selvage_photos_total 0"));
    }
  }

  private static String metrics(TestModel model) {
    try {
      return get(model, "/metrics");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void countsWhatItDoes() throws Exception {
    try (TestModel model = new TestModel(folder, List.of(View.PLAIN), LONG).compute()) {
      byte[] photo = photo();
      int found = json(send(model, "/v1/predict", photo)).get("results").size();
      send(model, "/v1/predict", new byte[0]);
      await(() -> metrics(model).contains("route=\"/v1/predict\",status=\"400\"} 1"));
      String text = metrics(model);

      for (String line : text.split("\n")) {
        assertTrue(line.matches("# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{[^}]*\\})? [0-9.E+-]+"), line);
      }
      for (String line :
          List.of(
              "selvage_requests_total{route=\"/v1/predict\",status=\"200\"} 1",
              "selvage_stage_seconds_count{stage=\"compute\"} 1",
              "selvage_stage_seconds_bucket{stage=\"compute\",le=\"+Inf\"} 1",
              "selvage_photos_total 1",
              "selvage_objects_total " + found,
              "selvage_received_bytes_total " + photo.length,
              "selvage_queue_length 0")) {
        assertTrue(text.contains(line + "\n"), text);
      }
    }
  }
}
