package dev.selvage.studio.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.browser.Page;
import dev.selvage.cli.TinyRun;
import dev.selvage.studio.StudioPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsPageTest extends StudioPages {
  private static final String RUN = "tiny20260101T0000";

  @TempDir static Path folder;

  private static TinyRun tiny;

  /** Two epochs of one run, and a second run. */
  @BeforeAll
  static void makeRuns() throws IOException {
    tiny = new TinyRun(folder);
    Path other = Files.createDirectories(tiny.run.resolveSibling("other20260102T0000"));
    for (String name :
        new String[] {"config.json", "mask_rcnn_tiny_0001.h5", "state_0001.safetensors"}) {
      Files.copy(tiny.run.resolve(name), other.resolve(name));
    }
    Files.copy(
        tiny.run.resolve("mask_rcnn_tiny_0001.h5"), tiny.run.resolve("mask_rcnn_tiny_0002.h5"));
    Files.createFile(tiny.run.resolve("state_0002.safetensors"));
  }

  private Page show(String hash) {
    return open(tiny.run.getParent(), tiny.data.toString(), null, hash);
  }

  @Test
  void everyNumberOpensItsPhotos() {
    Page page = show("#/results?run=" + RUN + "&epoch=1");
    run(page, "#examples");
    page.eval("document.querySelector('#examples').scrollIntoView()");
    page.waitForElement(".grid li a");
    requireFitToRead("results");

    page.click(".confusion button").waitFor("location.hash.includes('group=cell')");
    page.waitFor("document.querySelectorAll('.grid svg path').length > 0");
    page.click(".errors button").waitFor("location.hash.includes('group=error')");
    page.clickText("Hardest photos …").waitFor("location.hash.includes('group=hardest')");
    page.waitFor("document.querySelectorAll('.grid li').length === 2");
    page.eval(
        "[...document.querySelectorAll('button')].find(b => b.innerText.includes('likely label')).click()");
    page.waitFor("location.hash.includes('group=suspects')").waitForText("labelled, but not found");
    page.click(".short tbody a").waitFor("location.hash.includes('group=fn')");
    page.clickText("Wrong …").waitFor("location.hash.includes('group=fp')");
    page.waitFor("document.querySelectorAll('.grid li').length > 0");
    slide(page, "#examples label:nth-of-type(4) input", "0.95", "change");
    page.waitFor("location.hash.includes('least=0.95')")
        .waitFor("document.querySelectorAll('.grid li').length === 0");
    slide(page, ".card input[max='0.95'][step='0.05']", "0.95", "change");
    page.waitFor(
        "performance.getEntriesByType('resource').some(e => /confusion.*iou=0.95/.test(e.name) && e.responseEnd)");
    page.click(".confusion button").waitFor("location.hash.includes('iou=0.95')");
    slide(page, ".card input[max='0.99']", "0.99", "change");
    page.waitFor("document.querySelectorAll('.confusion td.right button').length === 0");
  }

  /** Runs the model, unless another test has, and waits for an element. */
  private static void run(Page page, String selector) {
    page.waitFor(
        "document.querySelector(%s) || [...document.querySelectorAll('button')].some(b => b.innerText === 'Run the model' && !b.click())"
            .formatted(Page.quoted(selector)));
    page.waitForElement(selector);
  }

  @Test
  void aModelRunsWhenAskedTo() {
    Page page = show("#/results?run=" + RUN + "&epoch=1&part=train");
    page.waitForText("This model has not looked at these 2 photos yet.");
    page.clickText("Run the model").waitForText("Confusion of classes");
    assertTrue(Files.exists(tiny.run.resolve("mask_rcnn_tiny_0001.train.raw")));
  }

  /** Moves a slider. */
  private static void slide(Page page, String selector, String value, String event) {
    page.waitForElement(selector)
        .eval(
            "(one => { one.value = %s; one.dispatchEvent(new Event(%s, {bubbles: true})); })(document.querySelector(%s))"
                .formatted(Page.quoted(value), Page.quoted(event), Page.quoted(selector)));
  }

  @Test
  void thresholdsAreDraggedAndSaved() {
    Page page = show("#/results?run=" + RUN + "&epoch=2&part=all");
    run(page, ".thresholds");
    page.eval("document.querySelector('.thresholds').scrollIntoView({block: 'center'})");
    page.eval(
        """
        (() => {
          const chart = document.querySelector(".thresholds");
          chart.setPointerCapture = () => {};
          const box = chart.getBoundingClientRect();
          const at = score => box.left + (34 + score * 518) / 560 * box.width;
          for (const [type, score] of [["pointerdown", .2], ["pointermove", .45]]) {
            chart.dispatchEvent(new PointerEvent(type, {clientX: at(score), clientY: box.top + 9, buttons: 1, bubbles: true}));
          }
        })()""");
    page.waitFor(
        "document.querySelector('.card .grow + output, label.grow output').innerText === '0.45'");
    page.clickText("Best F1 of each class");
    page.clickText("Save as tuned settings").waitForText("tuned-studio.json: F1");
    assertTrue(Files.exists(tiny.run.resolve("tuned-studio.json")));
  }

  @Test
  void truthStandsBesideOneModelOrTwo() {
    Page page = show("#/results?run=" + RUN + "&epoch=1&part=valid");
    run(page, "#examples");
    page.eval("document.querySelector('#examples').scrollIntoView()");
    page.waitForElement(".grid li a");
    page.click(".grid li a").waitFor("document.querySelectorAll('.viewer').length === 2");
    slide(page, "input[min='0.05']", "0.05", "input");
    page.waitFor("document.querySelectorAll('[aria-label^=\"Found by\"] path').length > 0");
    page.waitFor("location.hash.includes('from=0.05')");
    page.hover(".panes .objects li").waitForElement(".viewer path.hot");
    requireFitToRead("result");
    slide(page, "input[min='0.05']", "1", "input");
    page.waitFor("document.querySelectorAll('[aria-label^=\"Found by\"] path').length === 0");
    page.waitForText("not found");

    page.clickText("Beside another").waitFor("document.querySelectorAll('.viewer').length === 3");
    run(page, ".panes > div:nth-child(3) h2");
    page.waitForText("Found by other20260102T0000, epoch 1: 0");
    requireFitToRead("two-results");
    page.clickText("Beside another").waitFor("document.querySelectorAll('.viewer').length === 2");

    slide(page, "main input[type=range]", "1", "change");
    page.waitFor("location.hash.includes('epoch=2')");
    page.press("ArrowRight").waitFor("document.querySelector('h1').innerText.length > 0");
    page.press("Escape").waitFor("!location.hash.includes('/results/')");
    assertEquals(0, page.count("[role=alert]"));
  }

  @Test
  void withoutADatasetThePageSaysHowToOpenOne() {
    Page page = open(folder, null, null, "#/results");
    page.waitForText("No dataset is open. Start the studio with one");
  }
}
