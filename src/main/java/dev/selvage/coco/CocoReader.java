package dev.selvage.coco;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.CocoSegmentation;
import dev.selvage.util.UserError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a COCO annotation file once from end to end, entry by entry. Of an annotation are kept its
 * ids and the place of its mask in the file.
 */
public final class CocoReader {
  private static final List<String> PARTS = List.of("images", "annotations", "categories");

  /** As the file states it. */
  public record Image(long id, String name, PhotoSize size) {}

  /**
   * What is kept of an annotation.
   *
   * @param entry its place among the annotations, from 0
   * @param at place in the file of the first byte of its segmentation
   * @param length of the segmentation, in bytes
   * @param height of its run lengths; -1 for polygons
   * @param width of its run lengths
   * @param reach the largest coordinate of its polygons
   */
  public record Annotation(
      long id,
      int entry,
      long image,
      int category,
      boolean crowd,
      long at,
      int length,
      int height,
      int width,
      float reach) {}

  public final TreeMap<Long, Image> images = new TreeMap<>();
  public final List<Annotation> annotations = new ArrayList<>();
  public final List<Category> categories = new ArrayList<>();
  public int imageCount;
  public int annotationCount;

  private final Path file;
  private final CocoErrorHandler problems;
  private final ObjectMapper mapper = new ObjectMapper();
  private final Set<Integer> categoryIds = new HashSet<>();

  public CocoReader(Path file, CocoErrorHandler problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Throws {@link UserError} where the file is no JSON, lacks a part, or has a bad category. */
  public void read() {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        JsonParser parser = mapper.createParser(in)) {
      require(parser, parser.nextToken() == JsonToken.START_OBJECT, "an object with " + PARTS);
      Set<String> found = new HashSet<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String part = parser.currentName();
        parser.nextToken();
        if (!PARTS.contains(part)) {
          parser.skipChildren();
          continue;
        }
        require(
            parser, parser.currentToken() == JsonToken.START_ARRAY, "\"" + part + "\" as a list");
        require(parser, found.add(part), "\"" + part + "\" once");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          require(parser, parser.currentToken() == JsonToken.START_OBJECT, "an object in " + part);
          entry(part, parser);
        }
      }
      require(parser, parser.nextToken() == null, "the end of the file");
      for (String part : PARTS) {
        if (!found.contains(part)) {
          throw new UserError("%s: expected a list \"%s\", found none".formatted(file, part));
        }
      }
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s line %d column %d: expected JSON, found %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
    if (categories.isEmpty()) {
      throw new UserError("%s: expected at least one category, found none".formatted(file));
    }
    categories.sort(Comparator.comparingInt(Category::id));
  }

  private void entry(String part, JsonParser parser) throws IOException {
    if (part.equals("images")) {
      image(mapper.readTree(parser));
    } else if (part.equals("categories")) {
      category(mapper.readTree(parser));
    } else {
      annotation(parser);
    }
  }

  private void image(JsonNode node) {
    imageCount++;
    try {
      long id = whole(node, "id");
      JsonNode name = node.path("file_name");
      long height = whole(node, "height");
      long width = whole(node, "width");
      if (!name.isTextual() || name.textValue().isEmpty()) {
        throw new UserError("file_name must be a text, found " + found(name));
      }
      if (height < 1 || width < 1 || height * width > Integer.MAX_VALUE) {
        throw new UserError(
            "height and width must be those of a photo, found %d and %d".formatted(height, width));
      }
      PhotoSize size = new PhotoSize((int) height, (int) width);
      if (images.putIfAbsent(id, new Image(id, name.textValue(), size)) != null) {
        throw new UserError("its id must be its own, found a second image with it");
      }
    } catch (UserError e) {
      problems.image(
          CocoErrorHandler.Kind.ENTRY, "image " + found(node.path("id")), e.getMessage());
    }
  }

  private void category(JsonNode node) {
    JsonNode id = node.path("id");
    if (!id.isIntegralNumber() || !id.canConvertToInt() || !node.path("name").isTextual()) {
      throw new UserError(
          "%s: expected a category with a whole number \"id\" and a text \"name\", found %s"
              .formatted(file, node));
    }
    if (!categoryIds.add(id.intValue())) {
      throw new UserError(
          "%s: expected each category once, found id %d twice".formatted(file, id.intValue()));
    }
    categories.add(
        new Category(
            id.intValue(), node.get("name").textValue(), node.path("supercategory").asText("")));
  }

  private void annotation(JsonParser parser) throws IOException {
    annotationCount++;
    var fields = mapper.createObjectNode();
    CocoSegmentation mask = null;
    String problem = "segmentation must be polygons or run lengths, found none";
    long at = 0;
    long end = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "id", "image_id", "category_id", "iscrowd" ->
            fields.set(name, (JsonNode) mapper.readTree(parser));
        case "segmentation" -> {
          at = parser.currentTokenLocation().getByteOffset();
          JsonNode node = mapper.readTree(parser);
          mask = null; // of a value that stands there twice the last one counts
          end = parser.currentLocation().getByteOffset();
          try {
            mask = CocoSegmentation.of(node);
          } catch (UserError e) {
            problem = e.getMessage();
          }
        }
        default -> parser.skipChildren();
      }
    }
    require(parser, at >= 0, "JSON in UTF-8");
    try {
      if (mask == null) {
        throw new UserError(problem);
      }
      long category = whole(fields, "category_id");
      long crowd = fields.has("iscrowd") ? whole(fields, "iscrowd") : 0;
      if (category != (int) category || crowd < 0 || crowd > 1) {
        throw new UserError(
            "category_id must be a category's and iscrowd 0 or 1, found %d and %d"
                .formatted(category, crowd));
      }
      annotations.add(
          new Annotation(
              whole(fields, "id"),
              annotationCount - 1,
              whole(fields, "image_id"),
              (int) category,
              crowd == 1,
              at,
              Math.toIntExact(end - at),
              mask.runs() == null ? -1 : mask.runs().height(),
              mask.runs() == null ? -1 : mask.runs().width(),
              (float) mask.reach()));
    } catch (UserError e) {
      problems.annotation(
          CocoErrorHandler.Kind.ENTRY, "annotation " + found(fields.path("id")), e.getMessage());
    }
  }

  private static long whole(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new UserError("%s must be a whole number, found %s".formatted(field, found(value)));
    }
    return value.longValue();
  }

  private static String found(JsonNode node) {
    return node.isMissingNode() ? "none" : node.toString();
  }

  private void require(JsonParser parser, boolean holds, String expected) throws IOException {
    if (!holds) {
      throw new UserError(
          "%s line %d column %d: expected %s, found %s"
              .formatted(
                  file,
                  parser.currentTokenLocation().getLineNr(),
                  parser.currentTokenLocation().getColumnNr(),
                  expected,
                  parser.currentToken() == null ? "nothing" : "'" + parser.getText() + "'"));
    }
  }
}
