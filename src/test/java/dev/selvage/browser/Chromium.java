package dev.selvage.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A browser without a window, started once for all tests. */
public final class Chromium {
  private static final Optional<Path> PROGRAM =
      Stream.of("/usr/bin/chromium", "/usr/bin/google-chrome")
          .map(Path::of)
          .filter(Files::isExecutable)
          .findFirst();

  private static Chromium started;

  private final DevTools tools;

  private Chromium(DevTools tools) {
    this.tools = tools;
  }

  /** The browser; the test is skipped, and says why, where there is none. */
  public static synchronized Chromium get() {
    if (PROGRAM.isEmpty()) {
      System.err.println("SKIPPED: no Chromium to look at pages with (Debian: chromium)");
    }
    assumeTrue(PROGRAM.isPresent(), "no Chromium to look at pages with (Debian: chromium)");
    if (started == null) {
      try {
        started = new Chromium(start(PROGRAM.get()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return started;
  }

  private static DevTools start(Path program) throws IOException {
    Path profile = Files.createTempDirectory("browser");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--no-first-run",
                // a webcam that shows a moving test picture
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, profile)));
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      String sign = "DevTools listening on ";
      if (line.startsWith(sign)) {
        Thread drain = new Thread(() -> said.lines().forEach(l -> {}), "browser output");
        drain.setDaemon(true);
        drain.start();
        return new DevTools(URI.create(line.substring(sign.length())));
      }
    }
    throw new IllegalStateException(program + " does not start");
  }

  private static void end(Process process, Path profile) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      // a folder of temporary files
    }
  }

  /**
   * Opens a page in a profile of its own, without the settings that others have stored.
   *
   * @param dark whether the desktop's theme is dark
   */
  public Page open(String address, int width, int height, boolean dark) {
    String context =
        tools.call(null, "Target.createBrowserContext", Map.of()).get("browserContextId").asText();
    tools.call(
        null,
        "Browser.grantPermissions",
        Map.of(
            "permissions",
            List.of("clipboardReadWrite", "clipboardSanitizedWrite"),
            "browserContextId",
            context));
    String target =
        tools
            .call(
                null,
                "Target.createTarget",
                Map.of("url", "about:blank", "browserContextId", context))
            .get("targetId")
            .asText();
    String session =
        tools
            .call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    return new Page(tools, context, session, width, height, dark).go(address);
  }
}
