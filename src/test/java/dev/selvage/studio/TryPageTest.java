package dev.selvage.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.browser.Page;
import dev.selvage.cli.TinyRun;
import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoBytes;
import dev.selvage.http.Routes;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.View;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.serve.LazyPrediction;
import dev.selvage.serve.Limits;
import dev.selvage.serve.LoadedModel;
import dev.selvage.serve.ModelFacts;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TryPageTest extends StudioPages {
  /** What the page has saved so far; the browser itself saves nothing. */
  private static final String KEEP_SAVED =
      "window.saved = []; URL.createObjectURL = blob => { saved.push(blob); return '#'; };"
          + " HTMLAnchorElement.prototype.click = () => {}; 0";

  @TempDir private Path folder;
  private LazyPrediction prediction;

  private Page openTry() throws IOException {
    TinyRun run = new TinyRun(folder);
    prediction =
        new LazyPrediction(() -> load(run.run), new Limits(1_000_000, Duration.ofMinutes(1)), 4);
    return open(folder, null, "last", "#/try", prediction.routes())
        .waitForText("tiny, 3 classes, f32 on cpu");
  }

  private static LoadedModel load(Path run) {
    Path weights = run.resolve("mask_rcnn_tiny_0001.h5");
    WeightsOrigin origin = WeightsOrigin.of(weights);
    Config config =
        origin.config(List.of("DETECTION_MIN_CONFIDENCE=0.05", "PRECISION=f32")).orElseThrow();
    List<Category> categories = SavedModel.categories(config, origin.categories());
    Parameters parameters = SavedModel.load(weights, config);
    return new LoadedModel(
        new Predictor(config, parameters),
        new ModelFacts("w.h5", "ab", config, categories, "cpu", false, List.of(View.PLAIN)),
        parameters::close);
  }

  @AfterEach
  void free() {
    if (prediction != null) {
      prediction.close();
    }
  }

  /** Has the page take a photo as a drop or a paste brings it. */
  private static void bring(Page page, String event, byte[] photo, String name, String type) {
    page.eval(
        """
        (async () => {
          const bytes = Uint8Array.from(atob("%s"), c => c.charCodeAt(0));
          const files = new DataTransfer();
          files.items.add(new File([bytes], "%s", { type: "%s" }));
          %s
        })()"""
            .formatted(Base64.getEncoder().encodeToString(photo), name, type, event));
  }

  private static final String DROP =
      "document.querySelector('.drop').dispatchEvent(new DragEvent('drop',"
          + " { dataTransfer: files, bubbles: true, cancelable: true }));";
  private static final String PASTE =
      "dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true }));";

  @Test
  void aPhotoThatIsDroppedIsDrawnAndListed() throws IOException {
    Page page = openTry();
    bring(page, DROP, PhotoBytes.noise(".png", 50, 70), "street.png", "image/png");
    page.waitForElement(".garments li").waitForText("ms: decode");
    int found = page.count(".garments li");
    assertEquals(
        "70 50",
        page.eval("(c => `${c.width} ${c.height}`)(document.querySelector('canvas'))").asText());

    String before = picture(page);
    page.hover(".garments li").waitForElement(".garments li.lit");
    assertTrue(!before.equals(picture(page)), "the garment is not lit");
    page.hover("h1").waitFor("!document.querySelector('.garments li.lit')");
    assertEquals(before, picture(page));

    page.eval("document.querySelector('input[type=range]').focus()");
    page.press("End").waitFor("document.querySelectorAll('.garments li').length < " + found);
    page.press("Home").waitFor("document.querySelectorAll('.garments li').length === " + found);
    requireFitToRead("try");
  }

  private static String picture(Page page) {
    return page.eval("document.querySelector('canvas').toDataURL()").asText();
  }

  @Test
  void filesAreMadeInTheBrowser() throws IOException {
    Page page = openTry();
    page.eval(KEEP_SAVED);
    bring(page, PASTE, PhotoBytes.noise(".png", 50, 70), "street.png", "image/png");
    page.waitForElement(".garments li");
    page.clickText("COCO JSON").waitFor("saved.length === 1");
    JsonNode results = new ObjectMapper().readTree(page.eval("saved[0].text()").asText());
    assertEquals(page.count(".garments li"), results.size());
    JsonNode first = results.get(0);
    Rle mask = CocoRle.read(first.at("/segmentation/counts").asText(), 50, 70);

    // where the photo shows a garment, the list shows which
    int pixel = new String(mask.toBitmask(), StandardCharsets.ISO_8859_1).indexOf(1);
    point(page, (pixel / 50 + .5) / 70, (pixel % 50 + .5) / 50);
    page.waitForElement(".garments li.lit");
    point(page, -1, -1);
    page.waitFor("!document.querySelector('.garments li.lit')");

    page.clickText("SVG outlines").waitFor("saved.length === 2");
    String svg = page.eval("saved[1].text()").asText();
    assertTrue(svg.contains("viewBox=\"0 0 70 50\""), svg);
    assertTrue(svg.contains("<title>" + first.get("category_name").asText() + "</title>"), svg);

    page.click(".garments li:first-child button:not(.garment)").waitFor("saved.length === 3");
    int[] box = mask.box();
    // width, height, and pixels that are not transparent
    assertEquals(
        "%d %d %d".formatted(box[3] - box[1], box[2] - box[0], mask.area()),
        page.eval(
                """
                createImageBitmap(saved[2]).then(picture => {
                  const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
                  pen.drawImage(picture, 0, 0);
                  const pixels = pen.getImageData(0, 0, picture.width, picture.height).data;
                  return `${picture.width} ${picture.height} ${pixels.filter((v, i) => i % 4 === 3 && v > 0).length}`;
                })""")
            .asText());
    page.clickText("PNG cut-outs").waitFor("saved.length === 4");
    assertEquals("image/png", page.eval("saved[3].type").asText());
  }

  /** Moves the pointer over the picture, in parts of its sides. */
  private static void point(Page page, double x, double y) {
    page.eval(
        """
        (() => {
          const canvas = document.querySelector("canvas");
          const box = canvas.getBoundingClientRect();
          canvas.dispatchEvent(new PointerEvent("pointermove",
            { clientX: box.x + %s * box.width, clientY: box.y + %s * box.height, bubbles: true }));
        })()"""
            .formatted(x, y));
  }

  @Test
  void theWebcamsPictureIsTaken() throws IOException {
    Page page = openTry();
    page.clickText("Webcam").waitForElement(".webcam button:not([disabled])");
    page.clickText("Take a picture").waitForText("ms: decode");
    page.clickText("Webcam").waitFor("!document.querySelector('video')");
  }

  @Test
  void whatIsNoPhotoIsASentence() throws IOException {
    Page page = openTry();
    bring(page, DROP, new byte[] {1, 2, 3}, "<img src=x onerror=alert(1)>.png", "image/png");
    page.waitForText("the photo is no JPEG, PNG, WebP, BMP, TIFF or GIF");
    assertEquals(1, page.takeProblems().size()); // the answer has status 415
    bring(page, DROP, PhotoBytes.noise(".tif", 50, 70), "scan.tif", "image/tiff");
    page.waitForText("The browser cannot show photos of this kind");
  }

  @Test
  void withoutAModelItSaysHowToGetOne() {
    open(folder, null, null, "#/try").waitForText("studio --weights last");
  }

  @Test
  void weightsThatCannotBeLoadedAreASentence() {
    Routes routes =
        new LazyPrediction(
                () -> {
                  throw new UserError("--weights: expected a run, found <b>none</b>");
                },
                new Limits(1, Duration.ZERO),
                1)
            .routes();
    Page page =
        open(folder, null, "last", "#/try", routes)
            .waitForText("--weights: expected a run, found <b>none</b>");
    assertEquals(1, page.takeProblems().size()); // the answer has status 400
  }
}
