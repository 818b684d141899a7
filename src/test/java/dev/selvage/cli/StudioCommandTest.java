package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.TestJava;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudioCommandTest {
  @TempDir private Path folder;

  @Test
  void aPortInUseIsASentence() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      TinyRun.Outcome outcome = TinyRun.call("studio", "--port", port);
      assertEquals(2, outcome.code());
      assertTrue(
          outcome.err().startsWith("selvage: port " + port + " of 127.0.0.1 cannot be used"),
          outcome::err);
      assertTrue(outcome.err().contains("--port 0 takes any"), outcome::err);
      assertEquals(1, outcome.err().lines().count(), outcome::err);
    }
  }

  @Test
  void badInputIsASentence() {
    assertEquals(
        new TinyRun.Outcome(2, "", "selvage: --data: expected a dataset, found no nowhere\n"),
        TinyRun.call("studio", "--data", "nowhere"));
    assertEquals(
        new TinyRun.Outcome(
            2, "", "selvage: option --port: expected a whole number in 0..65535, found '70000'\n"),
        TinyRun.call("studio", "--port", "70000"));
    assertEquals(
        new TinyRun.Outcome(
            2,
            "",
            "selvage: --weights: expected a weight file, a run's folder, last or best, found no file"
                + " nowhere.h5\n"),
        TinyRun.call("studio", "--weights", "nowhere.h5"));
    assertRefused("option --views: expected", "--weights", "last", "--views", "abc");
    for (String option : List.of("set", "tuned", "views")) {
      assertRefused(
          "option --" + option + " has an effect only with --weights\n", "--" + option, "1");
    }
    for (String option : List.of("device", "conv", "threads", "precision")) {
      assertRefused(
          "option --" + option + " has an effect only with --weights or --data\n",
          "--" + option,
          "1");
    }
  }

  private static void assertRefused(String expected, String... options) {
    TinyRun.Outcome outcome =
        TinyRun.call(Stream.concat(Stream.of("studio"), Stream.of(options)).toArray(String[]::new));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().startsWith("selvage: " + expected), outcome::err);
  }

  /** It says where it is, answers, and ends well by a signal, all without native code. */
  @Test
  void itStartsAndEndsWithASignal() throws Exception {
    List<String> words = TestJava.selvage();
    words.addAll(List.of("studio", "--port", "0", "--no-open"));
    words.addAll(List.of("--runs", folder.toString()));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assertTrue(line.startsWith("Selvage studio: http://127.0.0.1:"), line);
      URI address = URI.create(line.substring(line.indexOf("http")));
      HttpClient client = HttpClient.newHttpClient();
      for (String path : List.of("", "app.js", "api/studio", "api/runs")) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve(path)).build();
        assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode(), path);
      }
      String maps = Files.readString(Path.of("/proc", process.pid() + "", "maps"));
      assertEquals(
          "", maps.lines().filter(l -> l.contains("selvage.so")).collect(Collectors.joining("\n")));
      process.toHandle().destroy(); // SIGTERM; the process' own method closes its output
      assertEquals("Ctrl-C ends it.", said.readLine());
      assertEquals(0, process.waitFor());
      assertEquals(
          "\nselvage: the studio ends; a second signal stops at once",
          said.lines().collect(Collectors.joining("\n")));
    } finally {
      process.destroyForcibly();
    }
  }
}
