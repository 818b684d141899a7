package dev.selvage.cli.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoAttributes;
import dev.selvage.coco.CocoImage;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.IouType;
import dev.selvage.eval.fashionpedia.AttributedDetection;
import dev.selvage.eval.fashionpedia.AttributedTruth;
import dev.selvage.eval.fashionpedia.Attributes;
import dev.selvage.eval.fashionpedia.FashionpediaCategories;
import dev.selvage.eval.fashionpedia.FashionpediaEval;
import dev.selvage.eval.fashionpedia.FashionpediaTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scores attributes where two files have them. */
final class AttributeEvaluation {
  private final CocoAttributes attributes;
  private final FashionpediaEval boxes;
  private final FashionpediaEval masks;

  private AttributeEvaluation(CocoAttributes attributes, List<Category> categories) {
    this.attributes = attributes;
    boxes = new FashionpediaEval(categories, IouType.BOX);
    masks = new FashionpediaEval(categories, IouType.MASK);
  }

  /** Empty where a file has no attributes, or its categories are not those of Fashionpedia. */
  static Optional<AttributeEvaluation> of(CocoAnnotations truth, Path results) {
    Optional<CocoAttributes> attributes = CocoAttributes.read(truth, results);
    List<Integer> ids = truth.categories().stream().map(Category::id).toList();
    if (attributes.isPresent() && !FashionpediaCategories.are(ids)) {
      System.err.printf(
          "selvage: %s: has attributes, but its categories are not those of Fashionpedia (ids 0 to"
              + " %d), so there is no AP with attributes%n",
          truth.file(), FashionpediaCategories.COUNT - 1);
      return Optional.empty();
    }
    return attributes.map(a -> new AttributeEvaluation(a, truth.categories()));
  }

  /** Adds one photo; photos come in ascending order of their ids. */
  void add(CocoImage image, List<Instance> truths, List<Detection> found) {
    List<AttributedTruth> wanted = new ArrayList<>();
    for (int t = 0; t < truths.size(); t++) {
      wanted.add(
          new AttributedTruth(
              truths.get(t), new Attributes(attributes.truths(image).get(t), attributes.count())));
    }
    List<AttributedDetection> attributed = new ArrayList<>();
    for (int d = 0; d < found.size(); d++) {
      attributed.add(
          new AttributedDetection(
              found.get(d), new Attributes(attributes.found(image).get(d), attributes.count())));
    }
    boxes.add(wanted, attributed);
    masks.add(wanted, attributed);
  }

  void addTo(ObjectNode root) {
    ObjectNode node = root.putObject("fashionpedia");
    node.set("bbox", FashionpediaTable.json(boxes));
    node.set("segm", FashionpediaTable.json(masks));
  }

  String text() {
    return FashionpediaTable.text(boxes, masks);
  }
}
