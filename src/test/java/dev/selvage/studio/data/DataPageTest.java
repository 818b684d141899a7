package dev.selvage.studio.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.browser.Page;
import dev.selvage.studio.StudioPages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPageTest extends StudioPages {
  private static final String CRUEL = "<img src=x onerror=alert(1)>";

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void draw() throws Exception {
    data =
        new DrawnDataset(folder.resolve("data"), CRUEL, "pants", "shoe")
            .photo("a.png", 700, 1100, 60)
            .object("a.png", 0, 100, 900, 100, 100)
            .object("a.png", 1, 600, 10, 40, 60)
            .photo("b.png", 100, 80, 90)
            .object("b.png", 1, 10, 10, 30, 30)
            .photo("c.png", 50, 40, 120)
            .photo("d.png", 60, 60, 200)
            .object("d.png", 1, 1, 1, 5, 5)
            .object("d.png", 2, 20, 20, 8, 8)
            .write();
  }

  private Page show(String hash) {
    return open(folder.resolve("runs"), data.toString(), null, hash);
  }

  /** Chooses in a list as a user does. */
  private static void choose(Page page, String selector, String value) {
    page.waitForElement(selector)
        .eval(
            "(list => { list.value = %s; list.dispatchEvent(new Event('change', {bubbles: true})); })(document.querySelector(%s))"
                .formatted(Page.quoted(value), Page.quoted(selector)));
  }

  private static Page waitForNames(Page page, String names) {
    return page.waitFor(
        "[...document.querySelectorAll('.grid li .caption > span')].map(e => e.innerText).join() === "
            + Page.quoted(names));
  }

  @Test
  void theGridIsFilteredAndSorted() {
    Page page = show("#/data").waitForText("4 of 4 photos, 5 objects");
    waitForNames(page, "a.png,b.png,c.png,d.png");
    page.waitFor("document.querySelectorAll('.grid svg path').length === 5");
    page.waitFor("[...document.querySelectorAll('.grid img')].every(img => img.naturalWidth > 0)");
    assertEquals(4, page.count("main img")); // no name of a class became an element
    requireFitToRead("data");

    page.fill("input[type=search]", "B.p");
    waitForNames(page, "b.png").waitFor("location.hash.includes('name=B.p')");
    page.eval("location.hash = '#/data'");
    waitForNames(page, "a.png,b.png,c.png,d.png");

    choose(page, "label:nth-of-type(2) select", "2");
    waitForNames(page, "a.png,b.png,d.png");
    choose(page, "label:nth-of-type(3) select", "1024-9215");
    waitForNames(page, "a.png");
    choose(page, "label:nth-of-type(3) select", "");
    choose(page, "label:nth-of-type(4) select", "2-4");
    waitForNames(page, "a.png,d.png");
    page.click(".chip");
    choose(page, "label:nth-of-type(4) select", "");
    choose(page, "label:nth-of-type(5) select", "fewest");
    waitForNames(page, "c.png,b.png,a.png,d.png");

    page.press("m").waitFor("!document.querySelector('.grid svg')");
    page.clickText("Masks").waitForElement(".grid svg");
    page.fill("input[type=search]", "nothing").waitForText("No photo fits these filters.");
    page.clickText("Clear them").waitForText("4 of 4 photos");
  }

  @Test
  void theFindingsOfInspectAreAFilter() {
    Page page = show("#/data").waitForText("4 of 4 photos");
    page.clickText("Inspect").waitForText("Finding");
    choose(page, "label:nth-of-type(5) select", "0");
    page.waitFor("location.hash.includes('finding=0')").waitForText("1 of 4 photos");
  }

  @Test
  void photosAreShownBeforeTheirAnnotationsAreRead() {
    Page page = show("#/data").waitForText("4 of 4 photos");
    page.eval(
        """
        (() => {
          const before = window.fetch;
          window.annotationsAreRead = () => { window.fetch = before; };
          const answer = value => Promise.resolve(new Response(JSON.stringify(value)));
          window.fetch = (path, ...rest) => path === "api/data" ? answer({ state: "reading", photos: 4 })
            : path.startsWith("api/data/photos?") ? answer({ preview: true, matches: 4, photos: [{ index: 0, name: "a.png" }] })
            : before(path, ...rest);
        })()""");
    page.clickText("Runs").clickText("Data").waitForText("Reading the annotations of 4 photos");
    waitForNames(page, "a.png");
    page.eval("annotationsAreRead()");
    page.waitForText("4 of 4 photos");
    waitForNames(page, "a.png,b.png,c.png,d.png");
  }

  @Test
  void onlyWhatIsSeenOfManyPhotosIsInThePage() throws Exception {
    for (int i = 0; i < 400; i++) {
      Files.createLink(data.resolve("train/m%03d.png".formatted(i)), data.resolve("train/c.png"));
    }
    Page page = show("#/data").waitForText("404 of 404 photos");
    assertTrue(page.count(".grid li") < 80);
    page.eval("scrollTo(0, document.documentElement.scrollHeight)");
    page.waitForText("m399.png");
    assertTrue(page.count(".grid li") < 80);
    page.eval("document.querySelector('.grid a').focus()");
    String before = page.eval("document.activeElement.title").asText();
    page.press("ArrowRight");
    assertTrue(page.eval("document.activeElement.title").asText().compareTo(before) > 0);
  }

  @Test
  void aPhotoIsZoomedMovedAndStepped() {
    Page page = show("#/data").waitForText("4 of 4 photos");
    page.click(".grid a[title='a.png']").waitForElement(".viewer path:nth-child(2)");
    page.waitFor(
        "[...document.querySelectorAll('.viewer img')].every(img => img.naturalWidth > 0)");
    page.waitForText(CRUEL).waitForText("10,000 px");
    requireFitToRead("photo");

    page.hover(".objects li:nth-child(1)").waitForElement(".viewer path.hot");
    page.eval(
        "document.querySelector('.viewer path[data-key=\"1\"]').dispatchEvent(new PointerEvent('pointerenter'))");
    page.waitForElement(".objects li:nth-child(2).hot");
    page.click(".objects li:nth-child(2) input")
        .waitFor("document.querySelectorAll('.viewer path').length === 1");
    page.waitFor("location.hash.includes('hidden=1')");
    page.click("h2 input").waitFor("document.querySelectorAll('.viewer path').length === 2");

    page.press("+").waitFor("location.hash.includes('view=1.5')");
    page.click("[aria-label='Zoom in']").waitFor("location.hash.includes('view=2.25')");
    page.eval(
        "document.querySelector('.viewer').dispatchEvent(new WheelEvent('wheel', {deltaY: -400, clientX: 300, clientY: 300, cancelable: true}))");
    page.waitFor("Number(location.hash.match(/view=([0-9.]+)/)[1]) > 4");
    String before = page.eval("location.hash").asText();
    page.eval(
        """
        (() => {
          const viewer = document.querySelector(".viewer");
          const send = (type, id, x, y) => viewer.dispatchEvent(new PointerEvent(type, {pointerId: id, clientX: x, clientY: y, bubbles: true}));
          viewer.setPointerCapture = () => {};
          send("pointerdown", 1, 400, 400); send("pointermove", 1, 300, 380); send("pointerup", 1, 300, 380);
        })()""");
    page.waitFor("location.hash !== " + Page.quoted(before));
    page.eval(
        """
        (async () => {
          const viewer = document.querySelector(".viewer");
          const send = async (type, id, x, y) => {
            viewer.dispatchEvent(new PointerEvent(type, {pointerId: id, clientX: x, clientY: y, bubbles: true}));
            await new Promise(requestAnimationFrame);
          };
          await send("pointerdown", 1, 400, 400); await send("pointerdown", 2, 500, 400); await send("pointermove", 2, 700, 400);
          await send("pointerup", 1, 400, 400); await send("pointerup", 2, 700, 400);
        })()""");
    page.waitFor("Number(location.hash.match(/view=([0-9.]+)/)[1]) > 9");

    String shared = page.eval("location.hash").asText();
    page.press("0").waitFor("!location.hash.includes('view=')");
    page.eval("location.hash = " + Page.quoted(shared));
    page.reload();
    page.waitFor("document.querySelectorAll('.viewer img').length > 1");
    assertEquals(shared, page.eval("location.hash").asText());

    page.press("ArrowRight").waitFor("document.querySelector('h1').innerText === 'b.png'");
    page.press("ArrowLeft").waitFor("document.querySelector('h1').innerText === 'a.png'");
    page.click("[aria-label='The next photo']")
        .waitFor("document.querySelector('h1').innerText === 'b.png'");
    page.press("Escape").waitFor("location.hash === '#/data'");
  }

  @Test
  void samplesAreShownAsTrainingSeesThem() {
    Page page = show("#/data/0").waitForElement(".viewer path");
    page.clickText("Augmented").waitFor("document.querySelector('.sheet').naturalWidth > 1000");
    choose(page, "dialog select", "strong");
    page.clickText("Others").waitFor("document.querySelector('.sheet').naturalWidth > 1000");
    assertEquals(List.of(), page.shot("samples").accessibilityProblems());
    page.clickText("Close").waitFor("!document.querySelector('.sheet')");
  }

  @Test
  void whatIsWrongIsSaidWhereItOccurs() throws Exception {
    Page page = show("#/data").waitForText("4 of 4 photos");
    page.waitFor("[...document.querySelectorAll('.grid img')].every(img => img.naturalWidth > 0)");
    Files.delete(data.resolve("train/a.png"));
    page.eval("location.hash = '#/data/0'");
    page.waitForText("a.png: cannot be read");
    page.eval("location.hash = '#/data/77'");
    page.waitForText("photo: expected a whole number from 0 to 3, found '77'");
    assertTrue(
        page.takeProblems().stream().allMatch(problem -> problem.contains("Failed to load")));
  }

  @Test
  void withoutADatasetThePageSaysHowToOpenOne() {
    Page page = open(folder, null, null, "#/data");
    page.waitForText("No dataset is open. Start the studio with one");
  }

  @Test
  void aDatasetThatCannotBeReadIsASentence() {
    Page page = open(folder, folder.resolve("nothing").toString(), null, "#/data");
    page.waitForText("--data: expected a folder with train.csv and train/, found no folder");
  }
}
