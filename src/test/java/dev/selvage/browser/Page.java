package dev.selvage.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A page in the browser: what a user does with it, and what can be seen of it. */
public final class Page implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String AXE = axe();

  private final ChromeDriver driver;

  /** Over the current window of the driver. */
  Page(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Changes the size of the window, in pixels of CSS. */
  public Page size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    return this;
  }

  /** Changes the theme of the desktop. */
  public Page theme(boolean dark) {
    driver.executeCdpCommand(
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
    driver.get(address);
    return this;
  }

  /** Forgets the cookies of all pages. */
  public Page forgetCookies() {
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    return this;
  }

  /** Loads the page again, and waits for the new one. */
  public Page reload() {
    driver.navigate().refresh();
    return this;
  }

  /**
   * The value of an expression, which may be a promise.
   *
   * @throws JavascriptException it throws
   */
  public JsonNode eval(String expression) {
    JsonNode answer =
        JSON.valueToTree(
            driver.executeCdpCommand(
                "Runtime.evaluate",
                Map.of(
                    "expression", expression,
                    "awaitPromise", true,
                    "returnByValue", true,
                    "userGesture", true)));
    if (answer.has("exceptionDetails")) {
      throw new JavascriptException(
          expression + ": " + answer.at("/exceptionDetails/exception/description").asText());
    }
    return answer.at("/result/value");
  }

  /** Goes on trying while the page changes. */
  private WebDriverWait patiently() {
    WebDriverWait wait = new WebDriverWait(driver, PATIENCE, BETWEEN_LOOKS);
    wait.ignoreAll(
        List.of(
            JavascriptException.class,
            StaleElementReferenceException.class,
            ElementNotInteractableException.class));
    return wait;
  }

  /**
   * Waits until an expression is true.
   *
   * @throws AssertionError it does not become true
   */
  public Page waitFor(String expression) {
    try {
      patiently()
          .ignoring(WebDriverException.class) // a page that is left gives no answer
          .until(page -> eval(looking(expression)).asBoolean());
    } catch (TimeoutException e) {
      throw new AssertionError(
          "never true: %s; problems: %s; the page shows: %s"
              .formatted(expression, takeProblems(), eval("document.body.innerText").asText()),
          e);
    }
    return this;
  }

  /**
   * Looks in the page itself, again and again for a second: each question from here costs more than
   * all of these looks.
   */
  private static String looking(String expression) {
    return """
        new Promise(done => {
          const end = performance.now() + 1000;
          const look = () => {
            let is = false;
            try {
              is = Boolean(%s);
            } catch {
              // the page changes
            }
            if (is || performance.now() > end) done(is);
            else setTimeout(look, 20);
          };
          look();
        })"""
        .formatted(expression);
  }

  /** Waits for an element. */
  public Page waitForElement(String selector) {
    return waitFor(first(selector));
  }

  /** Waits for a text that can be seen. */
  public Page waitForText(String text) {
    return waitFor("document.body.innerText.includes(" + quoted(text) + ")");
  }

  /** The text of the first element that a selector finds. */
  public String text(String selector) {
    return eval(first(selector) + ".innerText").asText();
  }

  /** How many elements a selector finds. */
  public int count(String selector) {
    return eval("document.querySelectorAll(%s).length".formatted(quoted(selector))).asInt();
  }

  private static String first(String selector) {
    return "document.querySelector(" + quoted(selector) + ")";
  }

  /** Waits for an element, and clicks in its middle. */
  public Page click(String selector) {
    return clickOn(first(selector));
  }

  /** Waits for a button or link with this text or name, and clicks it. */
  public Page clickText(String text) {
    return clickOn(
        """
        [...document.querySelectorAll('button, a, summary, label')].find(
          e => e.innerText.trim() === %1$s || e.getAttribute('aria-label') === %1$s)"""
            .formatted(quoted(text)));
  }

  private Page clickOn(String expression) {
    waitFor(expression);
    patiently()
        .until(
            page -> {
              inTheMiddle(expression).click();
              return true;
            });
    return this;
  }

  /** An element, brought to the middle of the window. */
  private WebElement inTheMiddle(String expression) {
    return (WebElement)
        driver.executeScript(
            """
            const element = %s;
            element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
            return element;"""
                .formatted(expression));
  }

  /** Moves the mouse to the middle of an element. */
  public Page hover(String selector) {
    return hover(selector, 0.5);
  }

  /** Moves the mouse to a share of the width of an element. */
  public Page hover(String selector, double shareX) {
    waitForElement(selector);
    WebElement element = inTheMiddle(first(selector));
    new Actions(driver).moveToElement(element, fromMiddle(element, shareX), 0).perform();
    return this;
  }

  /**
   * Presses the mouse on an element, moves it, and lets it go.
   *
   * @param fromX where it is pressed, as a share of the element's width
   * @param toX where it is let go; the height is that of the middle
   */
  public Page drag(String selector, double fromX, double toX) {
    waitForElement(selector);
    WebElement element = inTheMiddle(first(selector));
    int from = fromMiddle(element, fromX);
    int to = fromMiddle(element, toX);
    new Actions(driver)
        .moveToElement(element, from, 0)
        .clickAndHold()
        .moveByOffset(to - from, 0)
        .release()
        .perform();
    return this;
  }

  private static int fromMiddle(WebElement element, double shareX) {
    return (int) Math.round((shareX - 0.5) * element.getSize().width);
  }

  /** Presses a key: a character, or a name such as ArrowDown. */
  public Page press(String key) {
    new Actions(driver)
        .sendKeys(
            switch (key) {
              case "Enter" -> Keys.ENTER;
              case "Escape" -> Keys.ESCAPE;
              case "Tab" -> Keys.TAB;
              case "Home" -> Keys.HOME;
              case "End" -> Keys.END;
              case "ArrowLeft" -> Keys.ARROW_LEFT;
              case "ArrowRight" -> Keys.ARROW_RIGHT;
              case "ArrowUp" -> Keys.ARROW_UP;
              case "ArrowDown" -> Keys.ARROW_DOWN;
              default -> key;
            })
        .perform();
    return this;
  }

  /** Fills a field as a user does: what it held is replaced. */
  public Page fill(String selector, String text) {
    click(selector);
    eval(first(selector) + ".select()");
    inTheMiddle(first(selector)).sendKeys(text);
    return this;
  }

  /** Writes a picture of what can be seen into the folder of -Dshots, if it is given. */
  public Page shot(String name) {
    String folder = System.getProperty("shots");
    if (folder != null) {
      try {
        Files.createDirectories(Path.of(folder));
        Files.write(Path.of(folder, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return this;
  }

  private static String axe() {
    try (InputStream in = Page.class.getResourceAsStream("/dev/selvage/studio/vendor/axe.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What axe-core calls serious or critical: the rule, and where. */
  public List<String> accessibilityProblems() {
    if (!eval("'axe' in window").asBoolean()) {
      driver.executeScript(AXE);
    }
    List<String> found = new ArrayList<>();
    eval("axe.run({ resultTypes: ['violations'] }).then(result => result.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join('\\n')))")
        .forEach(one -> found.add(one.asText()));
    return found;
  }

  /** Whether the page is wider than the window. */
  public boolean overflows() {
    return eval("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        .asBoolean();
  }

  /** Fails if the console has an error or a warning so far, and forgets it. */
  public Page requireNoProblems() {
    assertEquals(List.of(), takeProblems());
    return this;
  }

  /**
   * The problems so far, which a test expects: exceptions, errors and warnings on the console, and
   * what could not be loaded. They are forgotten.
   */
  public List<String> takeProblems() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** A text as JavaScript writes it. */
  public static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** Ends what the page does. */
  @Override
  public void close() {
    driver.get("about:blank");
  }
}
