package dev.selvage.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A page in the browser: what a user does with it, and what can be seen of it. */
public final class Page implements AutoCloseable {
  private static final int SECONDS = 20;

  /** Virtual key codes of keys that are no characters. */
  private static final Map<String, Integer> KEYS =
      Map.of(
          "Enter",
          13,
          "Escape",
          27,
          "ArrowLeft",
          37,
          "ArrowUp",
          38,
          "ArrowRight",
          39,
          "ArrowDown",
          40,
          "Tab",
          9,
          "Home",
          36,
          "End",
          35);

  private final DevTools tools;
  private final String context;
  private final String session;
  private final List<String> problems = new CopyOnWriteArrayList<>();

  Page(DevTools tools, String context, String session, int width, int height, boolean dark) {
    this.tools = tools;
    this.context = context;
    this.session = session;
    tools.listen(this::note);
    call("Page.enable", Map.of());
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
    size(width, height);
    theme(dark);
  }

  /** Errors on the console, exceptions, and what could not be loaded. */
  private void note(JsonNode event) {
    if (!event.path("sessionId").asText().equals(session)) {
      return;
    }
    JsonNode values = event.path("params");
    switch (event.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          problems.add(
              values
                  .at("/exceptionDetails/exception/description")
                  .asText(values.at("/exceptionDetails/text").asText()));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(values.path("type").asText())) {
          problems.add("console: " + values.path("args"));
        }
      }
      case "Log.entryAdded" -> {
        if (values.at("/entry/level").asText().equals("error")) {
          problems.add(values.at("/entry/text").asText() + " " + values.at("/entry/url").asText());
        }
      }
      default -> {}
    }
  }

  private JsonNode call(String method, Map<String, ?> parameters) {
    return tools.call(session, method, parameters);
  }

  /** Changes the size of the window, in pixels of CSS. */
  public Page size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  /** Changes the theme of the desktop. */
  public Page theme(boolean dark) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    return this;
  }

  /** Opens an address. */
  public Page go(String address) {
    call("Page.navigate", Map.of("url", address));
    return this;
  }

  /** Loads the page again, and waits for the new one. */
  public Page reload() {
    eval("window.left = true");
    call("Page.reload", Map.of());
    return waitFor("!window.left && document.readyState === 'complete'");
  }

  /**
   * The value of an expression, which may be a promise.
   *
   * @throws AssertionError it throws
   */
  public JsonNode eval(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of(
                "expression", expression,
                "awaitPromise", true,
                "returnByValue", true,
                "userGesture", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(
          expression + ": " + answer.at("/exceptionDetails/exception/description").asText());
    }
    return answer.at("/result/value");
  }

  /**
   * Waits until an expression is true.
   *
   * @throws AssertionError it does not become true
   */
  public Page waitFor(String expression) {
    JsonNode found = null;
    for (long end = System.nanoTime() + SECONDS * 1_000_000_000L; found == null; ) {
      try {
        found =
            eval(
                """
                new Promise(done => {
                  const end = Date.now() + %d;
                  const look = () => {
                    let value = false;
                    try { value = %s; } catch { }
                    if (value || Date.now() > end) { done(Boolean(value)); } else { setTimeout(look, 20); }
                  };
                  look();
                })"""
                    .formatted(1000 * SECONDS, expression));
      } catch (IllegalStateException | AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000); // the page was left while it waited: on the next one
      }
    }
    if (!found.asBoolean()) {
      throw new AssertionError(
          "never true: %s; problems: %s; the page shows: %s"
              .formatted(expression, problems, eval("document.body.innerText").asText()));
    }
    return this;
  }

  /** Waits for an element. */
  public Page waitForElement(String selector) {
    return waitFor("document.querySelector(" + quoted(selector) + ")");
  }

  /** Waits for a text that can be seen. */
  public Page waitForText(String text) {
    return waitFor("document.body.innerText.includes(" + quoted(text) + ")");
  }

  /** The text of the first element that a selector finds. */
  public String text(String selector) {
    return eval("document.querySelector(%s).innerText".formatted(quoted(selector))).asText();
  }

  /** How many elements a selector finds. */
  public int count(String selector) {
    return eval("document.querySelectorAll(%s).length".formatted(quoted(selector))).asInt();
  }

  /** Waits for an element, and clicks in its middle. */
  public Page click(String selector) {
    waitForElement(selector);
    return clickOn("document.querySelector(" + quoted(selector) + ")");
  }

  /** Waits for a button or link with this text or name, and clicks it. */
  public Page clickText(String text) {
    String find =
        "[...document.querySelectorAll('button, a, summary, label')].find(e => e.innerText.trim() === %s"
                .formatted(quoted(text))
            + " || e.getAttribute('aria-label') === %s)".formatted(quoted(text));
    waitFor(find);
    return clickOn(find);
  }

  private Page clickOn(String element) {
    JsonNode at = middle(element);
    mouse("mouseMoved", at, 0);
    mouse("mousePressed", at, 1);
    mouse("mouseReleased", at, 1);
    return this;
  }

  /** Moves the mouse to the middle of an element. */
  public Page hover(String selector) {
    waitForElement(selector);
    mouse("mouseMoved", middle("document.querySelector(" + quoted(selector) + ")"), 0);
    return this;
  }

  /**
   * Presses the mouse on an element, moves it, and lets it go.
   *
   * @param fromX where it is pressed, as a share of the element's width
   * @param toX where it is let go; the height is that of the middle
   */
  public Page drag(String selector, double fromX, double toX) {
    JsonNode from = place(selector, fromX);
    JsonNode to = place(selector, toX);
    mouse("mouseMoved", from, 0);
    mouse("mousePressed", from, 1);
    mouse("mouseMoved", to, 1);
    mouse("mouseReleased", to, 1);
    return this;
  }

  /** Moves the mouse to a share of the width of an element. */
  public Page hover(String selector, double shareX) {
    waitForElement(selector);
    mouse("mouseMoved", place(selector, shareX), 0);
    return this;
  }

  private JsonNode place(String selector, double shareX) {
    String element = "document.querySelector(" + quoted(selector) + ")";
    JsonNode middle = middle(element);
    return eval(
        "(box => ({ x: box.x + box.width * %s, y: %s }))(%s.getBoundingClientRect())"
            .formatted(shareX, middle.get("y"), element));
  }

  /**
   * The middle of an element, once it can be seen and stays where it is: a click on a place that it
   * has just left would hit another one.
   */
  private JsonNode middle(String element) {
    return eval(
        """
        new Promise((done, fail) => {
          const end = Date.now() + %d;
          let before = "";
          const look = () => {
            const element = %s;
            if (element) {
              element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
              const box = element.getBoundingClientRect();
              const place = [box.x, box.y, box.width, box.height].join();
              if (box.width > 0 && box.height > 0 && place === before) {
                done({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
                return;
              }
              before = place;
            }
            if (Date.now() > end) { fail(new Error("never still")); } else { setTimeout(look, 50); }
          };
          look();
        })"""
            .formatted(1000 * SECONDS, element));
  }

  private void mouse(String type, JsonNode at, int clicks) {
    call(
        "Input.dispatchMouseEvent",
        Map.of(
            "type",
            type,
            "x",
            at.get("x").asDouble(),
            "y",
            at.get("y").asDouble(),
            "button",
            clicks == 0 ? "none" : "left",
            "clickCount",
            clicks));
  }

  /** Presses a key: a character, or a name such as ArrowDown. */
  public Page press(String key) {
    boolean named = KEYS.containsKey(key);
    String text = key.equals("Enter") ? "\r" : named ? "" : key;
    call(
        "Input.dispatchKeyEvent",
        Map.of(
            "type",
            text.isEmpty() ? "rawKeyDown" : "keyDown",
            "key",
            key,
            "text",
            text,
            "windowsVirtualKeyCode",
            named ? KEYS.get(key) : Character.toUpperCase(key.charAt(0))));
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    return this;
  }

  /** Fills a field as a user does: what it held is replaced. */
  public Page fill(String selector, String text) {
    click(selector);
    eval("document.querySelector(%s).select()".formatted(quoted(selector)));
    call("Input.insertText", Map.of("text", text));
    return this;
  }

  /** Writes a picture of what can be seen into the folder of -Dshots, if it is given. */
  public Page shot(String name) {
    String folder = System.getProperty("shots");
    if (folder != null) {
      try {
        Files.createDirectories(Path.of(folder));
        Files.write(
            Path.of(folder, name + ".png"),
            Base64.getDecoder()
                .decode(call("Page.captureScreenshot", Map.of()).get("data").asText()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return this;
  }

  /** What axe-core calls serious or critical: the rule, and where. */
  public List<String> accessibilityProblems() {
    try (InputStream in = Page.class.getResourceAsStream("/dev/selvage/studio/vendor/axe.js")) {
      eval(new String(in.readAllBytes(), StandardCharsets.UTF_8) + "\n;0");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    List<String> found = new ArrayList<>();
    eval("axe.run().then(result => result.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('\\n')))")
        .forEach(one -> found.add(one.asText()));
    return found;
  }

  /** Whether the page is wider than the window. */
  public boolean overflows() {
    return eval("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        .asBoolean();
  }

  /** Fails if the console has an error so far, and forgets it. */
  public Page requireNoProblems() {
    List<String> found = List.copyOf(problems);
    problems.clear();
    assertEquals(List.of(), found);
    return this;
  }

  /** The problems so far, which a test expects; they are forgotten. */
  public List<String> takeProblems() {
    List<String> found = List.copyOf(problems);
    problems.clear();
    return found;
  }

  /** A text as JavaScript writes it. */
  public static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  @Override
  public void close() {
    tools.call(null, "Target.disposeBrowserContext", Map.of("browserContextId", context));
  }
}
