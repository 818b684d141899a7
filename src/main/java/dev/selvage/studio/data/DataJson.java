package dev.selvage.studio.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.report.Outline;
import dev.selvage.report.Palette;
import java.util.List;
import java.util.Locale;

/** What the studio says of a dataset and its photos, as JSON. */
final class DataJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private DataJson() {}

  /** {name, photos, objects, categories}. */
  static ObjectNode dataset(Dataset dataset, PhotoTable table) {
    ObjectNode node = NODES.objectNode();
    node.put("name", dataset.name()).put("photos", dataset.size()).put("objects", table.objects());
    int[] counts = table.objectsByClass(dataset.categories().size());
    ArrayNode categories = node.putArray("categories");
    for (int c = 1; c < counts.length; c++) {
      Category category = dataset.categories().get(c - 1);
      categories
          .addObject()
          .put("class", c)
          .put("name", category.name())
          .put("colour", Palette.css(c))
          .put("objects", counts[c]);
    }
    return node;
  }

  /** What {@code inspect} says: {state, photos, seen, error, findings}. */
  static ObjectNode inspection(InspectionJob job) {
    ObjectNode node = NODES.objectNode();
    node.put("state", job.state().name().toLowerCase(Locale.ROOT));
    node.put("photos", job.photos()).put("seen", job.seen()).put("error", job.error());
    ArrayNode findings = node.putArray("findings");
    for (InspectionJob.Found found : job.findings()) {
      findings
          .addObject()
          .put("severity", found.finding().severity().name().toLowerCase(Locale.ROOT))
          .put("title", found.finding().title())
          .put("count", found.finding().count())
          .put("photos", found.photos().cardinality())
          .set("examples", texts(found.finding().examples()));
    }
    return node;
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode node = NODES.arrayNode();
    texts.forEach(node::add);
    return node;
  }

  /** {index, name, height, width, count of objects} of a photo in a list. */
  static ObjectNode listed(Dataset dataset, PhotoTable table, int photo) {
    return NODES
        .objectNode()
        .put("index", photo)
        .put("name", dataset.fileName(photo))
        .put("height", dataset.height(photo))
        .put("width", dataset.width(photo))
        .put("objects", table.objects(photo));
  }

  /** A photo with its objects. */
  static ObjectNode photo(Dataset dataset, int photo) {
    PhotoSize size = size(dataset, photo);
    ObjectNode node = NODES.objectNode();
    node.put("index", photo).put("name", dataset.fileName(photo));
    node.put("height", size.height()).put("width", size.width());
    node.put("levels", PictureSizes.levels(size)).put("tile", PictureSizes.TILE);
    ArrayNode objects = node.putArray("objects");
    for (Instance instance : dataset.instances(photo)) {
      ObjectNode object = objects.addObject();
      object.put("class", instance.classId()).put("area", instance.mask().area());
      object.put("crowd", instance.crowd());
      box(object.putArray("box"), instance.box());
    }
    return node;
  }

  private static void box(ArrayNode node, Box box) {
    node.add(box.x()).add(box.y()).add(box.width()).add(box.height());
  }

  /**
   * The outlines of a photo's objects as paths of SVG, in the order of the objects.
   *
   * @param picture the pixels that the paths count
   */
  static ArrayNode outlines(Dataset dataset, int photo, PhotoSize picture) {
    Outline outline =
        new Outline(dataset.height(photo), dataset.width(photo), picture.height(), picture.width());
    ArrayNode paths = NODES.arrayNode();
    for (Instance instance : dataset.instances(photo)) {
      paths.add(instance.mask().area() == 0 ? "" : outline.path(instance.mask()));
    }
    return paths;
  }

  /** The pixels of a photo, as its annotations state them. */
  static PhotoSize size(Dataset dataset, int photo) {
    return new PhotoSize(dataset.height(photo), dataset.width(photo));
  }
}
