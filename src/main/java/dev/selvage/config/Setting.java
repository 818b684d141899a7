package dev.selvage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The value that one source gives for a key: JSON, or the text after {@code --set KEY=}. */
final class Setting {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String key;
  private final String source;
  private final JsonNode value;

  /** Whether the value is a string whose type is still to be decided. */
  private final boolean isRaw;

  private Setting(String key, String source, JsonNode value, boolean isRaw) {
    this.key = key;
    this.source = source;
    this.value = value;
    this.isRaw = isRaw;
  }

  /**
   * A value that is JSON.
   *
   * @param source where it stands, for messages; empty if the program itself sets it
   */
  static Setting ofJson(String key, String source, JsonNode value) {
    return new Setting(key, source, value, false);
  }

  /** A value on the command line: lists are separated by commas, with or without brackets. */
  static Setting ofText(String key, String source, String text) {
    return new Setting(key, source, TextNode.valueOf(text.trim()), true);
  }

  /** The same value for another key. */
  Setting as(String otherKey) {
    return new Setting(otherKey, source, value, isRaw);
  }

  /** The value, if it is a single one. */
  <T> T value(ValueType<T> type) {
    JsonNode json = isRaw ? parse(value.textValue(), type) : value;
    if (!type.accepts().test(json)) {
      throw mustBe(type.description(), json);
    }
    return type.convert().apply(json);
  }

  /** The values of a list; a single value is a list of one. */
  <T> List<T> list(ValueType<T> type) {
    JsonNode json = isRaw ? parseList(value.textValue(), type) : value;
    Iterable<JsonNode> items = json.isArray() ? json : List.of(json);
    List<T> list = new ArrayList<>();
    for (JsonNode item : items) {
      if (!type.accepts().test(item)) {
        throw mustBe("a list, each item " + type.description(), json);
      }
      list.add(type.convert().apply(item));
    }
    return list;
  }

  /** An object with exactly these keys becomes a list in their order; other values stay. */
  Setting inOrder(List<String> names) {
    if (!value.isObject()) {
      return this;
    }
    Set<String> found = new TreeSet<>();
    value.fieldNames().forEachRemaining(found::add);
    if (!found.equals(Set.copyOf(names))) {
      throw error(
          "must have the keys %s, found %s"
              .formatted(String.join(", ", names), String.join(", ", found)));
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    names.forEach(name -> list.add(value.get(name)));
    return ofJson(key, source, list);
  }

  /** The error for a value that is not what the key needs. */
  UserError mustBe(String expected, Object found) {
    return error("must be %s, found %s".formatted(expected, found));
  }

  /** An error that names the source and the key. */
  UserError error(String sentence) {
    return new UserError((source.isEmpty() ? "" : source + ": ") + key + " " + sentence);
  }

  /** The error for a key that no configuration has. */
  UserError unknownKey(Set<String> known) {
    return new UserError(
        "%sunknown configuration key %s; the nearest known key is %s"
            .formatted(source.isEmpty() ? "" : source + ": ", key, NearestName.of(key, known)));
  }

  private static ArrayNode parseList(String text, ValueType<?> type) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    String inside = brackets ? text.substring(1, text.length() - 1) : text;
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String part : inside.split(",", -1)) {
      list.add(parse(part.trim(), type));
    }
    return list;
  }

  /** A string that is not JSON, such as a word without quotes, stays a string. */
  private static JsonNode parse(String text, ValueType<?> type) {
    if (type == ValueType.TEXT) {
      return TextNode.valueOf(text);
    }
    try {
      JsonNode json = JSON.readTree(text);
      return json.isMissingNode() ? TextNode.valueOf(text) : json;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
