package dev.selvage.report.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.browser.Chromium;
import dev.selvage.browser.Page;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.eval.analysis.Analysis.Photo;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationPageTest {
  private static final String CRUEL = "</script><b id='x'>&\"";
  private static final int SIDE = 20;

  @TempDir private Path folder;

  private final List<List<Instance>> truths = new ArrayList<>();
  private final List<List<Detection>> found = new ArrayList<>();

  @BeforeEach
  void makeFolder() throws IOException {
    Files.createDirectories(folder.resolve(EvaluationPage.PHOTOS));
  }

  @Test
  void namesNeverBecomeMarkup() throws IOException {
    add(truth(1, 2), found(2, 2, .9));
    String html = write(1);
    assertFalse(html.contains("<b id"), "a name became an element");
    assertEquals(2, html.split("</script>", -1).length - 1, "a name ended the script");
    assertTrue(html.contains("<title>&lt;/script&gt;&lt;b id=&#39;x&#39;&gt;&amp;&quot;</title>"));
    JsonNode data = data(html);
    assertEquals(CRUEL, data.get("names").get(1).asText());
    assertEquals(CRUEL + 0, data.get("photos").get(0).get("name").asText());
  }

  @Test
  void aCellHasItsPhotos() throws IOException {
    add(truth(1, 2), found(2, 2, .9));
    add(truth(1, 9), found(1, 9, .8));
    JsonNode data = data(write(2));
    JsonNode cell = data.get("cells").get(1);
    assertEquals(1, cell.get("truth").asInt());
    assertEquals(2, cell.get("find").asInt());
    assertEquals("[[0,0,0,1.0]]", cell.get("entries").toString());
    JsonNode photo = data.get("photos").get(0);
    assertEquals("photos/0000.jpg", photo.get("file").asText());
    assertTrue(Files.size(folder.resolve("photos/0000.jpg")) > 100);
    // the square of 8 pixels with its corner at (2, 2)
    assertEquals("[1,2,2,8,8,\"M2 2 2 9 9 9 9 2Z\"]", photo.get("truths").get("0").toString());
    assertEquals("labelled as another class", data.get("suspects").get(0).get("kind").asText());
  }

  /** Each photo has a mistake of its own, and the page a bounded number of pictures. */
  @Test
  void manyPhotosGiveABoundedPage() throws IOException {
    int count = 3 * ExamplePhotos.MOST;
    for (int i = 0; i < count; i++) {
      add(truth(1 + i % 30, 2), found(1 + (7 * i + i / 30) % 30, 2, .9));
    }
    JsonNode data = data(write(count));
    assertEquals(ExamplePhotos.MOST, data.get("photos").size());
    try (Stream<Path> files = Files.list(folder.resolve(EvaluationPage.PHOTOS))) {
      assertEquals(ExamplePhotos.MOST, files.count());
    }
    int examples = 0;
    for (JsonNode cell : data.get("cells")) {
      examples += cell.get("count").asInt();
      assertTrue(cell.get("entries").size() + cell.get("names").size() > 0);
    }
    assertEquals(count, examples);
  }

  @Test
  void nothingToJudgeIsAPageToo() throws IOException {
    JsonNode data = data(write(0));
    assertEquals(0, data.get("photos").size());
    assertTrue(data.get("errors").isEmpty());
    assertEquals("-", data.get("tiles").get(0).get("value").asText());
  }

  /** The examples of a class are about its objects, or about what was found as it. */
  @Test
  void errorsOfAClassHaveExamples() throws IOException {
    add(truth(1, 2), found(2, 2, .9));
    add(truth(1, 9), found(3, 9, .8));
    add(truth(4, 2), found(4, 2, .7));
    JsonNode examples = data(write(3)).get("errorExamples");
    assertEquals(2, examples.get("0").get("Cls").get("count").asInt());
    assertEquals("[[0,0,0,1.0],[1,0,0,1.0]]", entries(examples, "1"));
    assertEquals("[[0,0,0,1.0]]", entries(examples, "2"));
    assertEquals("[[1,0,0,1.0]]", entries(examples, "3"));
    assertTrue(examples.get("4").isEmpty(), "class 4 has no mistake");
  }

  private static String entries(JsonNode examples, String classId) {
    return examples.get(classId).get("Cls").get("entries").toString();
  }

  /** In a browser: a click on an error bar of one class shows that class's examples alone. */
  @Test
  void aClickOnABarOfAClassOpensItsExamples() throws IOException {
    add(truth(1, 2), found(2, 2, .9));
    add(truth(2, 9), found(3, 9, .8));
    add(truth(3, 2), found(3, 2, .7));
    write(3);
    String address = folder.resolve(EvaluationPage.FILE).toUri().toString();
    try (Page page = Chromium.get().open(address, 1280, 900, false)) {
      page.waitForElement("section select");
      page.eval(
          "const select = document.querySelector('section select'); select.value = '3';"
              + "select.dispatchEvent(new Event('change'))");
      page.click("button.error-row").waitForElement("dialog[open]");
      page.waitForText("class 3: right place, another class: 1");
      assertEquals(1, page.count("dialog figure"));
      page.waitForText("class 3 0.80").requireNoProblems();
    }
  }

  /** In a browser, if there is one: a click on a cell shows its photo with both outlines. */
  @Test
  void aClickOnACellOpensItsPhotos() throws IOException {
    add(truth(1, 2), found(2, 2, .9));
    add(truth(1, 9), found(1, 9, .8));
    write(2);
    String address = folder.resolve(EvaluationPage.FILE).toUri().toString();
    try (Page page = Chromium.get().open(address, 1280, 900, false)) {
      page.click(".matrix button[title$='found as plain: 1']").waitForElement("dialog[open]");
      assertEquals(1, page.count("dialog img[src='photos/0000.jpg']"));
      assertEquals(1, page.count("dialog .truth.area"));
      assertEquals(1, page.count("dialog .find.area"));
      page.press("Escape").waitFor("!document.querySelector('dialog')");
      page.click(".sortable th button").waitForText("class ▲");
      assertEquals(0, page.count("#x"), "a name became an element");
      page.requireNoProblems();
    }
  }

  private void add(Instance truth, Detection detection) {
    truths.add(List.of(truth));
    found.add(List.of(detection));
  }

  private static Instance truth(int classId, int corner) {
    return new Instance(classId, square(corner), false);
  }

  private static Detection found(int classId, int corner, double score) {
    Instance same = truth(classId, corner);
    return new Detection(classId, score, same.box(), same.mask());
  }

  private static Rle square(int corner) {
    byte[] ones = new byte[64];
    java.util.Arrays.fill(ones, (byte) 1);
    return Rle.fromRegion(ones, corner, corner, 8, 8, SIDE, SIDE);
  }

  private String write(int photos) throws IOException {
    List<Category> categories = new ArrayList<>(List.of(new Category(5, CRUEL, "")));
    for (int c = 2; c <= 30; c++) {
      categories.add(new Category(4 + c, c == 2 ? "plain" : "class " + c, ""));
    }
    Analysis analysis = new Analysis(categories, new Matching(true, .5, .5));
    CocoEval coco = new CocoEval(categories);
    for (int p = 0; p < photos; p++) {
      analysis.add(new Photo(p, CRUEL + p, SIDE, SIDE), truths.get(p), found.get(p), found.get(p));
      coco.add(truths.get(p), found.get(p));
    }
    EvaluationPage.write(folder, CRUEL, analysis, coco.scores(), new Painted());
    return Files.readString(folder.resolve(EvaluationPage.FILE));
  }

  private static JsonNode data(String html) throws IOException {
    String begin = "id='data'>";
    int from = html.indexOf(begin) + begin.length();
    return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
  }

  private final class Painted implements PhotoSource {
    @Override
    public Optional<Mat> photo(int photo, int longest) {
      try (Scalar grey = new Scalar(90, 90, 90, 0)) {
        return Optional.of(new Mat(SIDE, SIDE, opencv_core.CV_8UC3, grey));
      }
    }

    @Override
    public List<Instance> truths(int photo) {
      return truths.get(photo);
    }

    @Override
    public List<Detection> found(int photo) {
      return found.get(photo);
    }
  }
}
