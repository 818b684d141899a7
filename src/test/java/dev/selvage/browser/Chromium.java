package dev.selvage.browser;

import dev.selvage.util.Needs;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's browser without a window, driven by Selenium and started once for all tests. */
public final class Chromium {
  private static final File PROGRAM = new File("/usr/bin/chromium");
  private static final File DRIVER = new File("/usr/bin/chromedriver");

  /** Kept, since Java forgets the level of a log that nobody holds. */
  private static final Logger DEVTOOLS_LOG = Logger.getLogger("org.openqa.selenium.devtools");

  private static Chromium started;

  private final ChromeDriver driver;

  private Chromium(ChromeDriver driver) {
    this.driver = driver;
    driver.executeCdpCommand(
        "Browser.grantPermissions",
        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    Runtime.getRuntime().addShutdownHook(new Thread(driver::quit));
  }

  /** The browser; the test is skipped, and says why, where there is none. */
  public static synchronized Chromium get() {
    Needs.that(
        PROGRAM.canExecute() && DRIVER.canExecute(),
        "no Chromium to look at pages with (Debian: chromium, chromium-driver)");
    if (started == null) {
      started = new Chromium(start());
    }
    return started;
  }

  private static ChromeDriver start() {
    DEVTOOLS_LOG.setLevel(Level.SEVERE); // it warns of what is not used here
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    ChromeOptions options =
        new ChromeOptions()
            .setBinary(PROGRAM)
            .addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--no-first-run",
                // a webcam that shows a moving test picture
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).build(), options);
  }

  /**
   * Opens a page without the cookies that others have stored; their settings belong to another
   * port. All tests share one window, one after the other: a window for each costs a third more.
   *
   * @param dark whether the desktop's theme is dark
   */
  public Page open(String address, int width, int height, boolean dark) {
    driver.manage().logs().get(LogType.BROWSER); // what others have left
    return new Page(driver).forgetCookies().size(width, height).theme(dark).go(address);
  }
}
