package dev.selvage.report.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.report.Jpeg;
import dev.selvage.report.Outline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The photos that the page shows. There are a bounded number of them, however many were evaluated;
 * each has one small picture, over which the page draws the objects of each example.
 */
final class ExamplePhotos {
  /** Most photos of one page. */
  static final int MOST = 400;

  /** Longest side of a picture in pixels. */
  private static final int SIDE = 480;

  private final List<JudgedPhoto> photos;

  /** What is drawn of each photo, in the order of the page. */
  private final Map<Integer, Shown> shown = new LinkedHashMap<>();

  private static final class Shown {
    private final int place;
    private final Set<Integer> truths = new TreeSet<>();
    private final Set<Integer> finds = new TreeSet<>();

    private Shown(int place) {
      this.place = place;
    }
  }

  ExamplePhotos(List<JudgedPhoto> photos) {
    this.photos = photos;
  }

  /**
   * Adds an example to a list of the page.
   *
   * @param truth -1 for none
   * @param find -1 for none
   * @return false where the page has as many photos as it may have and this is none of them
   */
  boolean add(ArrayNode list, int photo, int truth, int find) {
    Shown one = shown.get(photo);
    if (one == null) {
      if (shown.size() == MOST) {
        return false;
      }
      one = new Shown(shown.size());
      shown.put(photo, one);
    }
    ArrayNode entry = list.addArray().add(one.place).add(truth).add(find);
    if (truth >= 0) {
      one.truths.add(truth);
    }
    if (find >= 0) {
      one.finds.add(find);
    }
    if (truth >= 0 && find >= 0) {
      entry.add(round(photos.get(photo).overlaps()[find][truth]));
    }
    return true;
  }

  /** Adds a photo as a whole: its objects, and its detections of at least this score. */
  boolean addWhole(ArrayNode list, int photo, double score) {
    if (!add(list, photo, -1, -1)) {
      return false;
    }
    showTruths(photo);
    JudgedPhoto judged = photos.get(photo);
    for (int d = 0; d < judged.found().size(); d++) {
      if (judged.found().get(d).score() >= score) {
        shown.get(photo).finds.add(d);
      }
    }
    return true;
  }

  /** Has all objects of a photo drawn that was added. */
  void showTruths(int photo) {
    for (int t = 0; t < photos.get(photo).truths().size(); t++) {
      shown.get(photo).truths.add(t);
    }
  }

  /**
   * Writes the pictures and describes the photos.
   *
   * @param folder of the page
   */
  ArrayNode write(Path folder, PhotoSource source) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    shown.forEach((photo, what) -> describe(list.addObject(), folder, photo, what, source));
    return list;
  }

  private void describe(ObjectNode node, Path folder, int photo, Shown what, PhotoSource source) {
    JudgedPhoto judged = photos.get(photo);
    double scale = Math.min(1, (double) SIDE / Math.max(judged.height(), judged.width()));
    int height = (int) Math.max(1, Math.round(judged.height() * scale));
    int width = (int) Math.max(1, Math.round(judged.width() * scale));
    node.put("name", judged.name()).put("h", height).put("w", width);
    if (!Double.isNaN(judged.score())) {
      node.put("score", round(judged.score()));
    }
    Optional<Mat> pixels = source.photo(photo, SIDE);
    if (pixels.isPresent()) {
      String file = String.format(Locale.ROOT, "%s/%04d.jpg", EvaluationPage.PHOTOS, what.place);
      try (Mat mat = pixels.get()) {
        Jpeg.small(mat, height, width).write(folder.resolve(file));
      }
      node.put("file", file);
    }
    Outline outline = new Outline(judged.height(), judged.width(), height, width);
    List<Instance> truths = source.truths(photo);
    ObjectNode truthNode = node.putObject("truths");
    for (int t : what.truths) {
      Instance truth = truths.get(t);
      ArrayNode one = truthNode.putArray(String.valueOf(t)).add(truth.classId());
      box(one, truth.box(), scale).add(outline.path(truth.mask()));
    }
    List<Detection> found = source.found(photo);
    ObjectNode foundNode = node.putObject("finds");
    for (int d : what.finds) {
      Detection find = found.get(d);
      ArrayNode one = foundNode.putArray(String.valueOf(d)).add(find.classId());
      box(one, find.box(), scale).add(outline.path(find.mask())).add(round(find.score()));
    }
  }

  private static ArrayNode box(ArrayNode node, Box box, double scale) {
    return node.add(Math.round(box.x() * scale))
        .add(Math.round(box.y() * scale))
        .add(Math.round(box.width() * scale))
        .add(Math.round(box.height() * scale));
  }

  /** Three decimals are enough to read. */
  static double round(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
