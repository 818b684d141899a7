package dev.selvage.studio;

import dev.selvage.browser.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPageTest extends StudioPages {
  @TempDir private Path folder;

  @Test
  void opens() throws Exception {
    Page page = open(Path.of(System.getProperty("runs", folder.toString())), null, null, "#/runs");
    page.waitForText("Runs").waitForElement("table");
    requireFitToRead("runs");
  }
}
