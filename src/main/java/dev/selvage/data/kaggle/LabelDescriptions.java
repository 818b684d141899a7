package dev.selvage.data.kaggle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.Category;
import dev.selvage.util.JsonErrors;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the categories and attributes out of Kaggle's label_descriptions.json. */
public final class LabelDescriptions {
  private LabelDescriptions() {}

  /**
   * The categories in the order of their ids.
   *
   * @throws UserError no such file, no JSON, or a category without a whole id or a name
   */
  public static List<Category> read(Path file) {
    JsonNode list = parse(file).path("categories");
    if (!list.isArray() || list.isEmpty()) {
      throw new UserError("%s: expected a list \"categories\", found none".formatted(file));
    }
    List<Category> categories = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode node : list) {
      JsonNode id = node.path("id");
      if (!id.isIntegralNumber() || !id.canConvertToInt() || !node.path("name").isTextual()) {
        throw new UserError(
            "%s: expected a category with a whole number \"id\" and a string \"name\", found %s"
                .formatted(file, node));
      }
      if (!ids.add(id.intValue())) {
        throw new UserError(
            "%s: expected unique category ids, found %s twice".formatted(file, id.intValue()));
      }
      categories.add(
          new Category(
              id.intValue(), node.get("name").textValue(), node.path("supercategory").asText("")));
    }
    categories.sort(Comparator.comparingInt(Category::id));
    return List.copyOf(categories);
  }

  /**
   * Names of the attributes by their ids; empty where the file lists none.
   *
   * @throws UserError no such file, or no JSON
   */
  public static SortedMap<Integer, String> attributes(Path file) {
    SortedMap<Integer, String> names = new TreeMap<>();
    for (JsonNode node : parse(file).path("attributes")) {
      names.put(node.path("id").asInt(), node.path("name").asText());
    }
    return names;
  }

  private static JsonNode parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "%s: expected Kaggle's list of categories, found no such file".formatted(file));
    }
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new UserError(
          "%s line %s: expected valid JSON, found: %s".formatted(file, line, JsonErrors.reason(e)),
          e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }
}
