package dev.selvage.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.browser.Page;
import dev.selvage.http.Listen;
import dev.selvage.studio.runs.RunFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A studio on all addresses of the machine, which asks for a token. */
class TokenPageTest extends StudioPages {
  @TempDir private Path runs;

  @Test
  void theAddressWithTheTokenOpensThePagesAndTheBrowserKeepsIt() throws IOException {
    RunFixture run = RunFixture.write(runs, "first", 1).epoch(1);
    listen = Listen.on("0.0.0.0", 0, Optional.empty());
    Page page = open(runs, null, null, "#/runs").waitForElement("a.run");
    assertEquals("/#/runs", page.eval("location.href.replace(location.origin, '')").asText());
    assertEquals("", page.eval("document.cookie").asText(), "scripts can read the token");
    page.reload().waitForElement("a.run");
    run.epoch(2); // what is sent as it happens needs the cookie too
    page.waitForText("2 / 11");
    page.forgetCookies().reload().waitForText("a token is needed");
    assertTrue(page.takeProblems().get(0).contains("401"));
    page.go(address()).waitForElement("a.run");
  }
}
