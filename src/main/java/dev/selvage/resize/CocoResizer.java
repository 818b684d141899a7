package dev.selvage.resize;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.coco.CocoEntry;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoReader;
import dev.selvage.coco.CocoSegmentation;
import dev.selvage.data.coco.CocoDataset;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.mask.Rle;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Writes a COCO annotation file anew for smaller photos, entry by entry in the old order and with
 * every other field that it has: polygons, boxes and key points are scaled, run lengths are drawn
 * into the smaller grid.
 */
final class CocoResizer {
  /**
   * An image of the dataset with its old and new size.
   *
   * @param stated the photo's name in the old file
   * @param name that of the smaller photo
   */
  private record Sizes(String stated, String name, PhotoSize old, PhotoSize small) {
    double across() {
      return (double) small.width() / old.width();
    }

    double down() {
      return (double) small.height() / old.height();
    }
  }

  private final ObjectMapper mapper = new ObjectMapper();
  private final CocoDataset dataset;
  private final BitSet usable;
  private final Map<Long, Sizes> images = new HashMap<>();
  private final Consumer<String> skipped;
  private int written;

  /**
   * Prepares.
   *
   * @param photos the folder with the smaller photos; images without one are left out
   * @param skipped takes a line for each image and each mask that is left out
   */
  CocoResizer(CocoDataset dataset, Path photos, int side, Consumer<String> skipped) {
    this.dataset = dataset;
    this.skipped = skipped;
    usable = dataset.usable();
    for (int i = 0; i < dataset.size(); i++) {
      String name = dataset.fileName(i);
      if (Files.isRegularFile(photos.resolve(name))) {
        PhotoSize old = new PhotoSize(dataset.height(i), dataset.width(i));
        for (CocoImage image : dataset.images(i)) {
          images.put(
              image.id(), new Sizes(image.fileName(), name, old, PhotoResizer.fit(old, side)));
        }
      } else {
        for (CocoImage image : dataset.images(i)) {
          skipped.accept(
              "%s: image %s and its annotations: %s was skipped"
                  .formatted(dataset.file().getFileName(), image.id(), name));
        }
      }
    }
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @return annotations written
   * @throws UserError it cannot be read or written
   */
  int write(Path target) {
    AtomicFile.write(
        target,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          try (CocoReader in = CocoReader.ofAnnotations(dataset.file());
              JsonGenerator json = mapper.createGenerator(out)) {
            // the channel has still to be forced to the disk
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            copy(in, json);
          }
          out.flush();
        });
    return written;
  }

  private void copy(CocoReader in, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      out.writeFieldName(field);
      switch (field) {
        case CocoReader.IMAGES -> entries(in, out, this::resizeImage);
        case CocoReader.ANNOTATIONS -> entries(in, out, this::resizeAnnotation);
        default -> mapper.writeTree(out, in.value());
      }
    }
    out.writeEndObject();
  }

  /** Writes the entries of a list that are to be kept; the predicate changes them. */
  private void entries(CocoReader in, JsonGenerator out, Predicate<CocoEntry> keep)
      throws IOException {
    out.writeStartArray();
    for (CocoEntry entry = in.nextEntry(); entry != null; entry = in.nextEntry()) {
      if (keep.test(entry)) {
        mapper.writeTree(out, entry.node());
      }
    }
    out.writeEndArray();
  }

  private boolean resizeImage(CocoEntry entry) {
    ObjectNode image = entry.node();
    Sizes sizes = images.get(image.path("id").asLong());
    if (sizes == null
        || !image.path("file_name").asText().equals(sizes.stated)
        || image.path("height").asInt() != sizes.old.height()
        || image.path("width").asInt() != sizes.old.width()) {
      return false;
    }
    image.put("file_name", sizes.name);
    image.put("height", sizes.small.height());
    image.put("width", sizes.small.width());
    return true;
  }

  private boolean resizeAnnotation(CocoEntry entry) {
    ObjectNode annotation = entry.node();
    Sizes sizes = images.get(annotation.path("image_id").asLong());
    if (!usable.get(entry.index()) || sizes == null) {
      return false; // which is said already
    }
    JsonNode old = annotation.get("segmentation");
    CocoSegmentation mask = CocoSegmentation.of(old);
    boolean any =
        mask.runs() == null
            ? polygons(annotation, mask.polygons(), sizes)
            : runs(annotation, mask.runs(), old.get("counts").isTextual(), sizes);
    if (!any) {
      skipped.accept(
          "%s %s: the mask is empty after resizing"
              .formatted(dataset.file().getFileName(), entry.place()));
      return false;
    }
    scale(annotation.path("bbox"), 2, 4, sizes);
    scale(annotation.path("keypoints"), 3, annotation.path("keypoints").size(), sizes);
    if (annotation.path("area").isNumber()) {
      double area = annotation.get("area").asDouble();
      annotation.put("area", rounded(area * sizes.across() * sizes.down()));
    }
    written++;
    return true;
  }

  private static boolean polygons(ObjectNode annotation, List<double[]> polygons, Sizes sizes) {
    ArrayNode list = annotation.putArray("segmentation");
    for (double[] polygon : polygons) {
      ArrayNode scaled = list.addArray();
      for (int i = 0; i < polygon.length; i++) {
        polygon[i] = rounded(polygon[i] * (i % 2 == 0 ? sizes.across() : sizes.down()));
        scaled.add(polygon[i]);
      }
    }
    return Polygons.rasterise(polygons, sizes.small.height(), sizes.small.width()).area() > 0;
  }

  /** Run lengths stay numbers or text, as they were. */
  private static boolean runs(ObjectNode annotation, Rle mask, boolean compressed, Sizes sizes) {
    int height = sizes.small.height();
    int width = sizes.small.width();
    CroppedMask region =
        new ResizedRasterizer(mask.height(), mask.width(), height, width, 0, 0, height, width)
            .draw(mask);
    if (region == null) {
      return false;
    }
    annotation.set(
        "segmentation", CocoSegmentation.toJson(region.toRle(height, width), compressed));
    return true;
  }

  /** Scales a list of x, y and others, in groups; one of another length stays as it is. */
  private static void scale(JsonNode list, int group, int length, Sizes sizes) {
    if (!(list instanceof ArrayNode values) || values.size() != length) {
      return;
    }
    for (int i = 0; i < length; i++) {
      if (values.get(i).isNumber() && i % group < 2) {
        double scale = i % group == 0 ? sizes.across() : sizes.down();
        values.set(i, values.numberNode(rounded(values.get(i).asDouble() * scale)));
      }
    }
  }

  /** As exact as COCO's own files. */
  private static double rounded(double value) {
    return Math.round(100 * value) / 100.0;
  }
}
