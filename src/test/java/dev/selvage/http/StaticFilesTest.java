package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticFilesTest {
  @Test
  void servesWhatTheFolderHolds() {
    StaticFiles files = StaticFiles.below("/http-files");
    try (HttpService service = HttpService.start(Listen.local(0), files.routes("/"))) {
      TestClient client = new TestClient(service);
      HttpResponse<String> view = client.get("/views/one.js");

      assertEquals(List.of("index.html", "views/one.js"), List.copyOf(files.names()));
      assertEquals("hello\n", client.get("/").body());
      assertEquals("export const one = 1;\n", view.body());
      assertEquals(
          "text/javascript; charset=utf-8", view.headers().firstValue("Content-Type").orElse(""));
      String tag = view.headers().firstValue("ETag").orElseThrow();
      assertEquals(304, client.get("/views/one.js", "If-None-Match", tag).statusCode());
    }
  }

  @Test
  void servesFilesOutOfAJar() {
    // a folder of JUnit's jar
    assertThrows(
        IllegalArgumentException.class, () -> StaticFiles.below("/META-INF/no-such-folder"));
    assertEquals(
        List.of("LICENSE.txt"),
        List.copyOf(StaticFiles.of("/META-INF", List.of("LICENSE.txt")).names()));
  }

  @Test
  void whatIsMissingOrUnknownIsAFaultOfTheProgram() {
    assertThrows(
        IllegalArgumentException.class, () -> StaticFiles.of("/http-files", List.of("no.js")));
    assertThrows(
        IllegalArgumentException.class, () -> StaticFiles.of("/http-files", List.of("index.exe")));
  }
}
