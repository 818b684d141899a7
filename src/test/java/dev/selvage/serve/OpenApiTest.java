package dev.selvage.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.image.PhotoBytes;
import dev.selvage.predict.View;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the description of the service to its routes and to what it answers. */
class OpenApiTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private TestModel model;
  private JsonNode api;

  @BeforeEach
  void start() throws Exception {
    model = new TestModel(folder, List.of(View.PLAIN), Duration.ofMinutes(2)).compute();
    api = MAPPER.readTree(send(request("/openapi.json")).body());
  }

  @AfterEach
  void stop() {
    model.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(model.service.address().resolve(path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void describesEveryRouteAndNoOther() {
    Set<String> described = new TreeSet<>();
    api.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> routes = new TreeSet<>(ServiceRoutes.routes(model.metrics, model.queue).list());
    routes.addAll(
        new PredictionRoutes(
                model.predictor,
                model.queue,
                new ModelFacts("", "", null, List.of(), "", false, List.of()),
                new Limits(1, Duration.ZERO),
                model.metrics)
            .routes()
            .list());

    assertEquals(routes, described);
  }

  @Test
  void describesWhatIsAnswered() throws Exception {
    byte[] photo = PhotoBytes.noise(".png", 50, 70);
    for (String query : List.of("", "?segmentation=polygons", "?segmentation=none")) {
      requireDescribed(
          "/v1/predict",
          "post",
          request("/v1/predict" + query).POST(BodyPublishers.ofByteArray(photo)));
    }
    requireDescribed(
        "/v1/predict", "post", request("/v1/predict").POST(BodyPublishers.ofString("x")));
    requireDescribed(
        "/v1/predict", "post", request("/v1/predict?x=1").POST(BodyPublishers.noBody()));
    requireDescribed("/v1/model", "get", request("/v1/model"));
    requireDescribed("/healthz", "get", request("/healthz"));
  }

  private void requireDescribed(String path, String method, HttpRequest.Builder request)
      throws Exception {
    HttpResponse<String> answer = send(request);
    JsonNode described =
        resolved(
            api.at("/paths")
                .get(path)
                .get(method)
                .get("responses")
                .path(String.valueOf(answer.statusCode())));
    JsonNode schema = described.path("content").path("application/json").path("schema");
    assertTrue(schema.isObject(), () -> path + " has no answer " + answer.statusCode());
    require(schema, MAPPER.readTree(answer.body()), path);
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? api.at(node.get("$ref").asText().substring(1)) : node;
  }

  /** The keywords of JSON Schema that the description uses. */
  private void require(JsonNode reference, JsonNode value, String where) {
    JsonNode schema = resolved(reference);
    if (schema.has("oneOf")) {
      String type = value.isObject() ? "object" : "array";
      for (JsonNode choice : schema.get("oneOf")) {
        if (resolved(choice).get("type").asText().equals(type)) {
          require(choice, value, where);
          return;
        }
      }
      throw new AssertionError(where + ": no choice for " + value);
    }
    assertTrue(isOf(schema.path("type").asText(), value), () -> where + ": " + value);
    schema
        .path("required")
        .forEach(name -> assertTrue(value.has(name.asText()), () -> where + " lacks " + name));
    value
        .properties()
        .forEach(
            field -> {
              JsonNode property = schema.path("properties").path(field.getKey());
              boolean open = !schema.has("additionalProperties");
              assertTrue(open || property.isObject(), () -> where + " has " + field.getKey());
              if (property.isObject()) {
                require(property, field.getValue(), where + "/" + field.getKey());
              }
            });
    if (value.isArray()) {
      assertTrue(value.size() >= schema.path("minItems").asInt(0), where);
      assertTrue(value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE), where);
      value.forEach(item -> require(schema.get("items"), item, where + "[]"));
    }
    if (schema.has("enum")) {
      assertTrue(schema.get("enum").toString().contains(value.toString()), where);
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> false;
    };
  }
}
