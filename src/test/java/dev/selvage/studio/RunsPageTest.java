package dev.selvage.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.browser.Page;
import dev.selvage.run.RunLock;
import dev.selvage.studio.runs.RunFixture;
import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPageTest extends StudioPages {
  private static final String CRUEL = "<img src=x onerror=alert(1)>";

  @TempDir private Path folder;
  private Path runs;
  private RunFixture first;

  @BeforeEach
  void writeRuns() throws IOException {
    runs = folder.resolve("runs");
    first =
        RunFixture.write(
            runs, "first", 1, "EPOCHS=10", "LRS=0.02", "NAME=first", "WEIGHT_DECAY=0.001");
    RunFixture second =
        RunFixture.write(
            runs, "second", 2, "EPOCHS=10", "LRS=0.02", "NAME=second", "WEIGHT_DECAY=0.002");
    for (int epoch = 1; epoch <= 5; epoch++) {
      first.epoch(epoch);
      second.epoch(2 * epoch);
    }
  }

  private static List<String> ids(Page page) {
    return List.of(
        page.eval("[...document.querySelectorAll('a.run')].map(a => a.innerText).join()")
            .asText()
            .split(","));
  }

  /** What the legend of the first chart says of its first line. */
  private static String legend(Page page) {
    return page.text(".legend button b");
  }

  @Test
  void theTableSortsAndSaysWhatIsWrong() throws IOException {
    Files.createDirectories(runs.resolve(CRUEL));
    Files.writeString(RunFixture.write(runs, "third", 3).dir.resolve("config.json"), "{");
    Page page = open(runs, null, null, "#/runs").waitForElement("tbody tr:nth-child(4)");
    page.waitForText("third/config.json line 1: expected JSON");
    page.waitForText(CRUEL + ": expected a run");
    assertEquals(0, page.count("main img"));
    assertFalse(page.text("thead").contains("Left"), "no run goes on, so none has time left");
    // the newest first, then those without a time
    assertEquals(List.of("second", "first"), ids(page).subList(0, 2));
    page.clickText("Loss");
    page.waitFor("document.querySelector('th[aria-sort=descending]').innerText.startsWith('Loss')");
    assertEquals(List.of("first", "second"), ids(page).subList(0, 2));
    page.clickText("Loss ▼").waitForElement("th[aria-sort=ascending]");
    assertEquals(List.of("second", "first"), ids(page).subList(0, 2));
    page.clickText("Settings that differ (1)");
    page.waitForText("0.002")
        .click(".menu input")
        .waitFor("!document.body.innerText.includes('0.002')");
    page.clickText("Settings that differ (1)");
    requireFitToRead("runs");
  }

  @Test
  void curvesAreLaidOverEachOtherAndShowValues() {
    Page page = open(runs, null, null, "#/runs").waitForElement(".u-over");
    assertEquals(9, page.count(".chart")); // a column without values, as most losses here, has none
    assertEquals("0.400", legend(page)); // of the second run's tenth epoch
    // the first epoch of that run is the second one of all
    page.hover(".chart .u-over")
        .waitFor("document.querySelector('.legend b').innerText !== '0.400'");
    page.hover("h1").waitFor("document.querySelector('.legend b').innerText === '0.400'");

    page.click(".legend button").waitForElement(".legend button[aria-pressed=false]");
    page.click(".legend button")
        .waitFor("!document.querySelector('.legend button[aria-pressed=false]')");
    page.clickText("Time").waitFor("location.hash.includes('x=time')");
    assertEquals(
        "1:40 2:00 2:05:05",
        page.eval("import('/format.js').then(f => [100, 120, 7505].map(f.clock).join(' '))")
            .asText());
    page.eval("document.querySelector('input[type=range]').focus()");
    page.press("End").waitFor("location.hash.includes('smooth=0.95')");
    page.waitFor("document.querySelector('.legend b').innerText !== '0.400'");
    page.press("Home").waitFor("!location.hash.includes('smooth')");

    page.click("input[aria-label='Curves of second']");
    page.waitFor("document.querySelectorAll('.chart:first-child .legend button').length === 2");
    page.waitFor("location.hash.includes('show=first')");
    page.click("input[aria-label='Curves of first']").waitForText("Choose runs in the table");
    page.requireNoProblems();
    page.click("input[aria-label='Curves of first']").waitForElement(".u-over");
    requireFitToRead("curves");
  }

  @Test
  void whatATrainingWritesIsShown() throws IOException {
    try (RunLock lock = RunLock.take(first.dir)) {
      Page page = open(runs, null, null, "#/runs?show=first").waitForElement(".badge.running");
      assertTrue(page.text("thead").contains("Left"));
      page.waitFor("document.querySelector('.legend b')?.innerText === '0.800'");
      first.append("6,0.02,0.5"); // torn
      first.append(",0.2,0.6,0.7,0.8,12.5,0.03,30.5,412\n");
      page.waitFor("document.querySelector('.legend b').innerText === '0.500'")
          .waitForText("6 / 10");
      assertTrue(page.count(".badge.running") == 1, lock::toString);
    }
  }

  /** The first run's losses are 4, 2, 1.33, 1 and 0.8. */
  @Test
  void whatIsZoomedIntoStaysWhenTheRunGoesOn() throws IOException {
    Page page = open(runs, null, null, "#/runs?show=first").waitForElement(".u-over");
    String first = "document.querySelector('.legend b').innerText === ";
    page.hover(".u-over", .01).waitFor(first + "'4.00'");
    page.drag(".u-over", .45, .9).hover(".u-over", .01).waitFor(first + "'1.33'");
    this.first.epoch(6);
    page.waitForText("6 / 10").hover(".u-over", .02).waitFor(first + "'1.33'");
    page.eval(
        "document.querySelector('.u-over').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))");
    page.hover(".u-over", .01).waitFor(first + "'4.00'");
  }

  @Test
  void keysWork() {
    Page page = open(runs, null, null, "#/runs").waitForElement("a.run");
    page.press("?").waitForElement("dialog[open]").waitForText("show Runs");
    page.shot("keys").press("Escape").waitFor("!document.querySelector('dialog')");
    page.press("j").waitFor("document.activeElement.innerText === 'second'");
    page.press("ArrowDown").waitFor("document.activeElement.innerText === 'first'");
    page.press("k").waitFor("document.activeElement.innerText === 'second'");
    page.press("Enter").waitFor("location.hash === '#/runs/second'");
    page.press("g").press("r").waitFor("location.hash === '#/runs'");
    page.press("t").waitForElement("html[data-theme=dark]");
    page.reload();
    page.waitForElement("a.run").waitForElement("html[data-theme=dark]"); // kept
    page.press("t").press("n").waitForElement("dialog[open] form");
  }

  @Test
  void oneRunHasItsCommandsAndSettings() {
    Page page =
        open(runs, null, null, "#/runs/first")
            .waitForElement(".copyable")
            .waitForElement(".u-over");
    page.waitForText("my photos, 40 photos");
    page.clickText("Copy command for the same settings").waitForText("Copied");
    String copied = page.eval("navigator.clipboard.readText()").asText();
    assertTrue(copied.startsWith("java -jar selvage.jar train --data 'data/my photos'"), copied);
    assertTrue(copied.contains("--set WEIGHT_DECAY=0.001"), copied);
    // as on a page that came over the network without encryption
    page.eval("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    page.clickText("Copy command").waitForText("Selected");
    assertEquals(
        "java -jar selvage.jar train --data data/my photos --preset sample",
        page.eval("getSelection().toString()").asText());
    page.fill("input[type=search]", "weight_decay")
        .waitFor("document.querySelectorAll('.settings tr').length === 1");
    assertEquals("WEIGHT_DECAY\t0.001", page.text(".settings tr"));
    page.clickText("Resume").waitForElement("dialog input");
    assertEquals(
        "data/my photos", page.eval("document.querySelector('dialog input').value").asText());
    page.click("dialog [type=submit]")
        .waitForText("expected the run's dataset, found no 'data/my photos'");
    assertEquals(1, page.takeProblems().size()); // the answer has status 400
    page.press("Escape").waitFor("!document.querySelector('dialog')");
    page.clickText("All runs").waitForElement("a.run");
    page.eval("history.back()");
    page.waitForElement(".settings");
    requireFitToRead("run");
    page.eval("location.hash = '#/runs/none'");
    page.waitForText("expected a run none, found none");
  }

  @Test
  void aTrainingThatFailedSaysWhy() throws IOException {
    Files.createDirectories(runs.resolve("third"));
    Files.writeString(runs.resolve("third/output.txt"), "begin\nselvage: no such dataset\n");
    Page page = open(runs, null, null, "#/runs/third").waitForElement(".badge.failed");
    assertEquals("selvage: no such dataset", page.text(".problem"));
    assertEquals("begin\nselvage: no such dataset", page.text("pre").strip());
  }

  @Test
  void aTrainingIsStartedAndStopped() throws IOException {
    Path data = TinyDataset.write(folder.resolve("data"), 5);
    Page page = open(runs, data.toString(), null, "#/runs");
    page.clickText("New training").waitForElement("dialog form");
    page.eval("document.querySelector('#preset').value = 'sample'");
    page.fill("#settings", "EPOCH=3").click("dialog [type=submit]");
    page.waitForText("unknown configuration key EPOCH; the nearest known key is EPOCHS");
    assertEquals("true", page.eval("document.querySelector('#settings').ariaInvalid").asText());
    assertEquals("", String.join("\n", page.accessibilityProblems()));
    page.shot("new-training");
    assertEquals(1, page.takeProblems().size()); // the answer has status 400
    page.fill(
        "#settings",
        String.join("\n", TinyDataset.SETTINGS)
            .replace("STEPS_PER_EPOCH=3", "STEPS_PER_EPOCH=1000000"));
    page.click("dialog [type=submit]").waitFor("location.hash.startsWith('#/runs/tiny')");
    page.waitForText("new run on 5 photos");
    page.shot("running");
    page.clickText("Stop").waitForElement(".badge.stopped");
    page.waitForText("the step is finished and the run saved");
    assertFalse(page.overflows());
  }
}
