package dev.selvage.data.coco;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.loader.Datasets;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CocoDatasetTest {
  private static final String POLYGON = "[[1, 1, 8.5, 1, 8, 5]]";
  private static final Rle RUNS = KaggleRle.read("5 4 20 2", 6, 10);
  private static final String IMAGES =
      "[{\"id\": 70, \"file_name\": \"b.png\", \"height\": 6, \"width\": 10, \"note\": \"\u00e9 \u2603\"},"
          + " {\"id\": 5, \"file_name\": \"a.png\", \"height\": 6, \"width\": 10}]";
  private static final String CATEGORIES =
      "[{\"id\": 90, \"name\": \"skirt\"}, {\"id\": 3, \"name\": \"coat\", \"supercategory\": \"x\"}]";

  @TempDir Path folder;
  private Path json;

  @BeforeEach
  void prepare() throws IOException {
    json = Files.createDirectory(folder.resolve("annotations")).resolve("instances_some.json");
    Path photos = Files.createDirectory(folder.resolve("some"));
    for (String name : List.of("a.png", "b.png")) {
      try (Scalar grey = new Scalar(90);
          Mat photo = new Mat(6, 10, CV_8UC3, grey)) {
        opencv_imgcodecs.imwrite(photos.resolve(name).toString(), photo);
      }
    }
  }

  private static String annotation(int id, int imageIndex, int category, int crowd, String mask) {
    return "{\"segmentation\": %s, \"bbox\": [1, 2, 3, 4], \"iscrowd\": %d, \"image_id\": %d, \"category_id\": %d, \"id\": %d}"
        .formatted(mask, crowd, imageIndex, category, id);
  }

  private static String counts(Rle mask) {
    return "{\"size\": [6, 10], \"counts\": %s}".formatted(List.of(boxed(mask)));
  }

  private static Object[] boxed(Rle mask) {
    return Arrays.stream(mask.counts()).boxed().toArray();
  }

  private void write(String... annotations) throws IOException {
    writeWith(IMAGES, annotations);
  }

  private void writeWith(String images, String... annotations) throws IOException {
    Files.writeString(
        json,
        "{\"info\": {\"x\": [1]}, \"annotations\": [%s],\n\"images\": %s, \"categories\": %s}\n"
            .formatted(String.join(",\n", annotations), images, CATEGORIES));
  }

  @Test
  void readsPolygonsBothRunLengthsCrowdsAndSparseCategories() throws IOException {
    String compressed =
        "{\"counts\": \"%s\", \"size\": [6, 10]}"
            .formatted(CocoRle.write(RUNS).replace("\\", "\\\\"));
    write(
        annotation(1, 70, 90, 0, POLYGON),
        annotation(2, 70, 3, 0, compressed),
        annotation(3, 70, 3, 1, counts(RUNS)));
    for (Dataset dataset :
        List.of(Datasets.open(folder, null), Datasets.open(json, folder.resolve("some")))) {
      assertEquals("instances_some", dataset.name());
      assertEquals(List.of(3, 90), dataset.categories().stream().map(Category::id).toList());
      assertEquals(2, dataset.size());
      assertEquals("a.png", dataset.fileName(0));
      assertTrue(dataset.instances(0).isEmpty());
      List<Instance> b = dataset.instances(1);
      assertEquals(List.of(2, 1, 1), b.stream().map(Instance::classId).toList());
      assertEquals(
          Polygons.rasterise(List.of(new double[] {1, 1, 8.5, 1, 8, 5}), 6, 10), b.get(0).mask());
      assertEquals(RUNS, b.get(1).mask());
      assertEquals(RUNS, b.get(2).mask());
      assertFalse(b.get(1).crowd());
      assertTrue(b.get(2).crowd());
      assertArrayEquals(new int[] {2, 1}, dataset.classIds(1));
      assertTrue(Files.isRegularFile(dataset.path(1)));
    }
  }

  @Test
  void takesBoxAndAreaOfTheFileElseOfTheMask() throws IOException {
    String fields = "\"image_id\": 70, \"category_id\": 3, \"segmentation\": " + counts(RUNS);
    write(
        "{\"id\": 1, \"bbox\": [0.5, 2, 3, 4], \"area\": 9.25, %s}".formatted(fields),
        "{\"id\": 2, \"bbox\": [], \"area\": null, %s}".formatted(fields));
    List<Instance> b = Datasets.open(folder, null).instances(1);
    assertEquals(new Instance(1, new Box(0.5, 2, 3, 4), 9.25, RUNS, false), b.get(0));
    assertEquals(new Instance(1, RUNS, false), b.get(1));
    assertEquals(new Box(0, 0, 4, 6), b.get(1).box());
    assertEquals(6, b.get(1).area());
    assertRefused("{\"id\": 9, \"bbox\": [1, 2, 3], %s}".formatted(fields), "line 1", "\"bbox\"");
    assertRefused("{\"id\": 9, \"area\": \"big\", %s}".formatted(fields), "line 1", "\"area\"");
  }

  /** Merged files have such images; a photo must not be trained on and held out at once. */
  @Test
  void imagesOfOnePhotoAreOne() throws IOException {
    writeWith(
        IMAGES.replace("]", image(71, "./b.png", 6) + image(72, "some\\\\..\\\\b.png", 6) + "]"),
        annotation(1, 71, 90, 0, POLYGON),
        annotation(2, 5, 3, 0, counts(RUNS)),
        annotation(3, 70, 3, 0, counts(RUNS)),
        annotation(4, 72, 90, 1, POLYGON));
    CocoDataset dataset = CocoDataset.open(json, null);
    assertEquals(2, dataset.size());
    assertEquals("b.png", dataset.fileName(1));
    assertEquals(List.of(2, 1, 2), dataset.instances(1).stream().map(Instance::classId).toList());
    assertArrayEquals(new int[] {2, 1}, dataset.classIds(1));
    assertEquals(List.of(1), dataset.joined());
    assertEquals("b.png is that of images 70, 71, 72", dataset.describeImages(1));
    Files.write(folder.resolve("some/b.png"), new byte[9]); // a file that states no size
    writeWith(IMAGES.replace("]", image(71, "./b.png", 7) + "]"));
    assertSaid("line 2, image 71", "those of image 70, which has the same photo", "(6 and 10)");
  }

  private static String image(int id, String name, int height) {
    return ", {\"id\": %d, \"file_name\": \"%s\", \"height\": %d, \"width\": 10}"
        .formatted(id, name, height);
  }

  @Test
  void findsNamesWithoutEndingAndSuggestsNearOnes() throws IOException {
    writeWith(IMAGES.replace("b.png", "b"), annotation(1, 70, 3, 0, counts(RUNS)));
    Dataset dataset = Datasets.open(folder, null);
    assertEquals("b.png", dataset.fileName(1));
    assertEquals(RUNS, dataset.instances(1).get(0).mask());
    writeWith(IMAGES.replace("b.png", "B.PNG"));
    assertSaid("image 70", "found no B.PNG there, but b.png");
  }

  @Test
  void takesAByteOrderMark() throws IOException {
    write(annotation(1, 70, 90, 0, counts(RUNS)));
    Files.writeString(json, "\uFEFF" + Files.readString(json));
    assertEquals(RUNS, Datasets.open(folder, null).instances(1).get(0).mask());
  }

  @Test
  void namesAnnotationAndFault() throws IOException {
    assertRefused(annotation(9, 70, 4, 0, POLYGON), "annotation 9", "category", "found 4");
    assertRefused(annotation(9, 71, 3, 0, POLYGON), "annotation 9", "image_id", "found 71");
    assertRefused(annotation(9, 70, 3, 2, POLYGON), "annotation 9", "iscrowd", "2");
    assertRefused(annotation(9, 70, 3, 0, "[]"), "annotation 9", "at least one polygon");
    assertRefused(annotation(9, 70, 3, 0, "[[1, 2, 3, 4]]"), "annotation 9", "3 points");
    assertRefused(annotation(9, 70, 3, 0, "[[1, 2, 3, 4, 5, \"x\"]]"), "annotation 9", "\"x\"");
    assertRefused(annotation(9, 70, 3, 0, "[[1, 2, 3, 4, 5, 1e9]]"), "annotation 9", "6 x 10");
    assertRefused(
        annotation(9, 70, 3, 0, "{\"size\": [6, 9], \"counts\": [54]}"), "annotation 9", "[6,9]");
    assertRefused(
        annotation(9, 70, 3, 0, "{\"size\": [6, 10], \"counts\": [54]}"), "annotation 9", "54");
    assertRefused(
        annotation(9, 70, 3, 0, POLYGON + ", \"segmentation\": [7]"), "annotation 9", "found 7");
    assertRefused(
        "{\"id\": 9, \"image_id\": 70, \"category_id\": 3}", "annotation 9", "no such field");
    assertRefused("{\"id\": 9,", "line ", "JSON");
    assertRefused("7", "object for each annotation", "'7'");
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    write();
    Files.delete(folder.resolve("some/b.png"));
    assertSaid("image 70", "b.png");
    Files.delete(folder.resolve("some/a.png"));
    assertSaid("--images", "a.png");
    assertRefusedBy(() -> Datasets.open(json, folder.resolve("none")), "--images", "none");
    Files.writeString(json, "{\"images\": [], \"categories\": []}");
    assertSaid("\"annotations\"");
    Files.writeString(folder.resolve("annotations/instances_more.json"), "{}");
    assertSaid("instances_more.json");
  }

  @Test
  void skipsAFewBadAnnotationsOfMany() throws IOException {
    String[] many = new String[1200];
    for (int i = 0; i < many.length; i++) {
      many[i] = annotation(i, 70, i == 7 ? 4 : 3, 0, POLYGON);
    }
    write(many);
    assertEquals(1199, Datasets.open(folder, null).instances(1).size());
  }

  private void assertSaid(String... words) {
    assertRefusedBy(() -> Datasets.open(folder, null), words);
  }

  private void assertRefused(String annotation, String... words) throws IOException {
    write(annotation);
    assertSaid(words);
  }

  private static void assertRefusedBy(Runnable opening, String... words) {
    String message = assertThrows(UserError.class, opening::run).getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }
}
