package dev.selvage.studio.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** The routes about a dataset on a port, and a client. */
final class ServedData implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final OpenedDataset opened;
  private final DataRoutes data;
  private final HttpService service;
  private HttpClient client;

  ServedData(Path dataset, Path runs) {
    opened = new OpenedDataset(dataset, null);
    data = new DataRoutes(opened, new RunSplits(runs));
    service = HttpService.start(Listen.local(0), data.routes());
  }

  /** Made late, since that takes longer than the studio itself does to start. */
  private HttpClient client() {
    client = client == null ? HttpClient.newHttpClient() : client;
    return client;
  }

  /** The body of an answer by the JDK's old client, which starts at once. */
  byte[] body(String path) {
    try (InputStream in = service.address().resolve(path).toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpResponse<byte[]> answer(String path) throws IOException, InterruptedException {
    return client()
        .send(
            HttpRequest.newBuilder(service.address().resolve(path)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path) throws IOException, InterruptedException {
    return client()
        .send(
            HttpRequest.newBuilder(service.address().resolve(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  JsonNode json(String path) throws IOException, InterruptedException {
    return JSON.readTree(answer(path).body());
  }

  /** Status and sentence of an answer that is an error. */
  String error(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = answer(path);
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    return answer.statusCode() + " " + JSON.readTree(text).path("error").asText(text);
  }

  /** A picture as OpenCV reads it, blue first. */
  static Mat picture(byte[] jpeg) {
    try (BytePointer bytes = new BytePointer(jpeg);
        Mat data = new Mat(bytes)) {
      return opencv_imgcodecs.imdecode(data, opencv_imgcodecs.IMREAD_COLOR);
    }
  }

  @Override
  public void close() {
    service.close();
    data.close();
  }
}
