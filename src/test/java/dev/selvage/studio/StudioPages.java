package dev.selvage.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.selvage.browser.Chromium;
import dev.selvage.browser.Page;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.http.Routes;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/**
 * A studio and a browser to look at it. Where there is no browser, the tests are skipped and say
 * so. {@code -Dshots=FOLDER} keeps pictures of the pages.
 */
public abstract class StudioPages {
  /** Where the studio listens. */
  protected Listen listen = Listen.local(0);

  private HttpService server;
  private Page page;

  /** Starts a studio, and opens it at an address such as {@code #/runs}. */
  protected Page open(Path runs, String data, String weights, String hash) {
    return open(runs, data, weights, hash, new Routes());
  }

  /** The same with routes of prediction. */
  protected Page open(Path runs, String data, String weights, String hash, Routes prediction) {
    server =
        Studio.start(
            new Studio.Places(runs, Optional.ofNullable(data), Optional.ofNullable(weights)),
            listen,
            config -> config,
            prediction);
    page = Chromium.get().open(server.entry() + hash, 1280, 900, false);
    return page;
  }

  /** The address that the studio prints. */
  protected String address() {
    return server.entry().toString();
  }

  @AfterEach
  void endWithoutProblems() {
    if (page != null) {
      page.requireNoProblems();
      page.close();
    }
    if (server != null) {
      server.close();
    }
  }

  /**
   * Looks at what is shown in both themes, and at 400 pixels: nothing is wider than the window, and
   * axe-core finds nothing serious. Then the page is as before.
   *
   * @param name of the pictures
   */
  protected void requireFitToRead(String name) {
    for (String theme : new String[] {"light", "dark"}) {
      if (!page.eval("document.documentElement.dataset.theme").asText().equals(theme)) {
        page.click(".top button[title=t]");
      }
      for (int width : new int[] {1280, 400}) {
        page.size(width, 900);
        // charts are drawn anew after the next picture
        page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        page.shot("%s-%s-%d".formatted(name, theme, width));
        assertFalse(page.overflows(), "wider than %d pixels".formatted(width));
      }
      assertEquals("", String.join("\n", page.accessibilityProblems()), theme);
      page.size(1280, 900);
    }
    page.click(".top button[title=t]");
  }
}
