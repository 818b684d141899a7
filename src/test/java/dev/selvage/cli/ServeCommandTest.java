package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.util.TestJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir Path folder;
  private TinyRun tiny;

  @BeforeEach
  void prepare() throws IOException {
    tiny = new TinyRun(folder);
  }

  private Outcome serve(String... more) {
    List<String> all = new ArrayList<>(List.of("serve", "--weights", tiny.run.toString()));
    all.addAll(List.of(more));
    return TinyRun.call(all.toArray(String[]::new));
  }

  @Test
  void servesUntilASignalComes() throws Exception {
    List<String> line =
        new ArrayList<>(List.of("bash", "-c", "exec env --default-signal=TERM \"$@\"", "serve"));
    line.addAll(TestJava.selvage());
    line.addAll(List.of("serve", "--weights", tiny.run.toString()));
    line.addAll(List.of("--port", "0", "--host", "0.0.0.0"));
    Process process =
        new ProcessBuilder(line).redirectError(folder.resolve("said").toFile()).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      URI address = URI.create(word(out.readLine(), "serving "));
      String token = word(out.readLine(), "token ");
      Path photo = folder.resolve("photo.png");
      TinyRun.photo(photo, 50);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address.resolve("/v1/predict")).POST(BodyPublishers.ofFile(photo));
      assertEquals(401, send(request).statusCode());
      HttpResponse<String> answer = send(request.header("Authorization", "Bearer " + token));
      assertEquals(200, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains("\"category_name\":\"pants\""), answer.body());
      assertEquals(
          "{\"status\":\"ok\"}", send(HttpRequest.newBuilder(address.resolve("/healthz"))).body());

      process.destroy(); // SIGTERM
      assertEquals(0, process.waitFor(), () -> said());
      assertTrue(said().contains("stopping after the photos that wait"), said());
    } finally {
      process.destroyForcibly();
    }
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String word(String line, String before) {
    assertTrue(line != null && line.startsWith(before), () -> line + said());
    return line.substring(before.length());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void aPortInUseIsASentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome = serve("--port", Integer.toString(taken.getLocalPort()));

      assertRefused("port %d of 127.0.0.1".formatted(taken.getLocalPort()), outcome);
    }
  }

  @Test
  void refusesBadOptions() throws IOException {
    assertRefused("--port", serve("--port", "70000"));
    assertRefused("host: expected", serve("--host", "no.such.host.invalid"));
    assertRefused("--max-queue", serve("--max-queue", "0"));
    assertRefused("--max-megabytes", serve("--max-megabytes", "many"));
    assertRefused("--timeout", serve("--timeout", "0"));
    assertRefused("--token-file", serve("--token-file", folder.resolve("none").toString()));
    Path empty = Files.writeString(folder.resolve("token"), "\n");
    assertRefused("token: expected at least 16", serve("--token-file", empty.toString()));
  }

  private static void assertRefused(String named, Outcome outcome) {
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(named), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }
}
