package dev.selvage.studio.results;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.eval.EvalTable;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.AnalysisJson;
import dev.selvage.eval.analysis.Confusion;
import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import dev.selvage.report.Outline;
import dev.selvage.report.Palette;
import dev.selvage.studio.data.PictureSizes;
import dev.selvage.studio.results.Examples.Example;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the studio says of a model's results, as JSON. */
final class ResultsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ResultsJson() {}

  /** The measures as {@code evaluate --json} gives them, and what is known of each class. */
  static ObjectNode measures(JudgedModel model) {
    Analysis analysis = model.analysis();
    ObjectNode node = EvalTable.json(model.scores());
    AnalysisJson.add(node, analysis, model.scores());
    node.put("photos", model.photos().size());
    node.put("dataset", model.dataset().name());
    node.put("min_confidence", model.config().DETECTION_MIN_CONFIDENCE);
    ArrayNode classes = node.putArray("classes");
    for (int c = 1; c <= analysis.categories().size(); c++) {
      Category category = analysis.categories().get(c - 1);
      ObjectNode one = classes.addObject();
      one.put("class", c).put("id", category.id()).put("name", category.name());
      one.put("colour", Palette.css(c));
      for (CategoryScore score : model.scores().segm().categories()) {
        if (score.category().id() == category.id()) {
          one.put("objects", score.truths());
          one.put("ap", Double.isNaN(score.ap()) ? null : score.ap());
          one.put("ap50", Double.isNaN(score.ap50()) ? null : score.ap50());
        }
      }
    }
    ArrayNode errors = node.putArray("error_types");
    for (ErrorType type : ErrorType.values()) {
      errors.addObject().put("key", type.key()).put("meaning", type.meaning());
    }
    node.put("suspects", analysis.suspects().size());
    return node;
  }

  /** Counts of the filled cells: [truth, find, count], 0 for background. */
  static ArrayNode confusion(Confusion confusion) {
    ArrayNode cells = NODES.arrayNode();
    confusion
        .filled()
        .forEach(
            cell -> cells.addArray().add(cell.truth()).add(cell.find()).add(cell.entries().size()));
    return cells;
  }

  /** A page of examples, with outlines in the pixels of the photos' thumbnails. */
  static ObjectNode examples(JudgedModel model, List<Example> all, int offset, int limit) {
    ObjectNode node = NODES.objectNode();
    node.put("count", all.size());
    ArrayNode list = node.putArray("entries");
    Map<Integer, Drawn> drawn = new HashMap<>();
    for (Example example :
        all.subList(
            Math.min(offset, all.size()), (int) Math.min((long) offset + limit, all.size()))) {
      Drawn photo = drawn.computeIfAbsent(example.photo(), p -> new Drawn(model, p));
      photo.add(list.addObject(), example);
    }
    return node;
  }

  /** A photo whose examples are described. */
  private static final class Drawn {
    private final JudgedModel model;
    private final int photo;
    private final Outline outline;
    private List<Instance> truths;
    private List<Detection> found;

    Drawn(JudgedModel model, int photo) {
      this.model = model;
      this.photo = photo;
      PhotoSize size = model.size(photo);
      PhotoSize small = PictureSizes.thumbnail(size);
      outline = new Outline(size.height(), size.width(), small.height(), small.width());
    }

    void add(ObjectNode node, Example example) {
      JudgedPhoto judged = model.photos().get(photo);
      node.put("index", model.image(photo)).put("name", judged.name());
      node.put("height", judged.height()).put("width", judged.width());
      node.put("note", example.note());
      if (!Double.isNaN(judged.score())) {
        node.put("kaggle", judged.score());
      }
      node.put("mistakes", judged.errors().mistakes().size());
      if (example.truth() >= 0) {
        truths = truths == null ? model.truths(photo) : truths;
        Instance truth = truths.get(example.truth());
        node.put("truth", example.truth());
        node.put("truth_class", truth.classId());
        node.put("truth_path", outline.path(truth.mask()));
      }
      if (example.find() >= 0) {
        found = found == null ? model.found(photo) : found;
        Detection find = found.get(example.find());
        node.put("find", example.find());
        node.put("find_class", find.classId()).put("score", find.score());
        node.put("find_path", outline.path(find.mask()));
        if (example.truth() >= 0) {
          node.put("iou", judged.overlaps()[example.find()][example.truth()]);
        }
      }
    }
  }

  /**
   * A photo with its true objects and all detections.
   *
   * @param picture the pixels that the outlines count
   */
  static ObjectNode photo(JudgedModel model, int photo, PhotoSize picture) {
    JudgedPhoto judged = model.photos().get(photo);
    PhotoSize size = model.size(photo);
    Outline outline = new Outline(size.height(), size.width(), picture.height(), picture.width());
    ObjectNode node = NODES.objectNode();
    node.put("index", model.image(photo)).put("name", judged.name());
    if (!Double.isNaN(judged.score())) {
      node.put("kaggle", judged.score());
    }
    ArrayNode truths = node.putArray("truths");
    List<Instance> instances = model.truths(photo);
    for (int t = 0; t < instances.size(); t++) {
      Instance truth = instances.get(t);
      ObjectNode one = truths.addObject().put("class", truth.classId());
      box(one.putArray("box"), truth.box());
      one.put("crowd", truth.crowd()).put("found_by", judged.errors().foundBy()[t]);
      one.put("path", outline.path(truth.mask()));
    }
    ArrayNode finds = node.putArray("finds");
    List<Detection> found = model.found(photo);
    for (int d = 0; d < found.size(); d++) {
      Detection find = found.get(d);
      ObjectNode one = finds.addObject().put("class", find.classId()).put("score", find.score());
      box(one.putArray("box"), find.box());
      one.put("truth", judged.errors().truthOf()[d]);
      one.put("ignored", judged.errors().ignored()[d]);
      one.put("iou", Examples.iou(judged, d));
      one.put("path", outline.path(find.mask()));
    }
    for (Mistake mistake : judged.errors().mistakes()) {
      if (mistake.detection() >= 0) {
        ((ObjectNode) finds.get(mistake.detection())).put("error", mistake.type().key());
      }
    }
    return node;
  }

  private static void box(ArrayNode node, Box box) {
    node.add(box.x()).add(box.y()).add(box.width()).add(box.height());
  }
}
