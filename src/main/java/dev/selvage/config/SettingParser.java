package dev.selvage.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.selvage.util.UserError;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Turns JSON values, and the text after {@code --set KEY=}, into the type of a setting. */
final class SettingParser {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SettingParser() {}

  /**
   * Text of a command line as JSON: lists are parted by commas, with or without brackets.
   *
   * @param type of the setting that the text is meant for; decides whether words are strings
   */
  static JsonNode fromText(String text, Class<?> type) {
    if (!type.isArray()) {
      return scalarFromText(text.trim(), type);
    }
    String inside = text.trim();
    if (inside.startsWith("[") && inside.endsWith("]")) {
      inside = inside.substring(1, inside.length() - 1);
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (String part : inside.split(",", -1)) {
      list.add(scalarFromText(part.trim(), type.getComponentType()));
    }
    return list;
  }

  private static JsonNode scalarFromText(String text, Class<?> type) {
    if (type == String.class) {
      return TextNode.valueOf(text);
    }
    try {
      JsonNode node = JSON.readTree(text);
      return node.isMissingNode() ? TextNode.valueOf(text) : node;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }

  /**
   * The value for a field; a single value also serves for a list of one.
   *
   * @param source where the value stood, for the message
   */
  static Object parse(JsonNode value, Field field, String source) {
    Class<?> type = field.getType();
    if (!type.isArray()) {
      return scalar(value, type, value, field, source);
    }
    if (value.isObject() && field.getName().equals("LOSS_WEIGHTS")) {
      return parse(inOrder(value, Config.LOSSES, field, source), field, source);
    }
    Class<?> element = type.getComponentType();
    if (!value.isArray()) {
      Object one = Array.newInstance(element, 1);
      Array.set(one, 0, scalar(value, element, value, field, source));
      return one;
    }
    Object list = Array.newInstance(element, value.size());
    for (int i = 0; i < value.size(); i++) {
      Array.set(list, i, scalar(value.get(i), element, value, field, source));
    }
    return list;
  }

  /** The values of an object that has these keys and no others. */
  private static ArrayNode inOrder(JsonNode object, List<String> keys, Field field, String source) {
    Set<String> found = new TreeSet<>();
    object.fieldNames().forEachRemaining(found::add);
    if (!found.equals(Set.copyOf(keys))) {
      throw new UserError(
          "%s: %s must have the keys %s, found %s"
              .formatted(
                  source, field.getName(), String.join(", ", keys), String.join(", ", found)));
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    keys.forEach(key -> list.add(object.get(key)));
    return list;
  }

  private static Object scalar(
      JsonNode value, Class<?> type, JsonNode whole, Field field, String source) {
    if (type == String.class && value.isTextual()) {
      return value.textValue();
    } else if (type == int.class && value.isIntegralNumber() && value.canConvertToInt()) {
      return value.intValue();
    } else if (type == float.class && value.isNumber() && Float.isFinite(value.floatValue())) {
      return value.floatValue();
    } else if ((type == boolean.class || type == Boolean.class) && value.isBoolean()) {
      return value.booleanValue();
    } else if (type == Boolean.class && value.isNull()) {
      return null;
    }
    throw new UserError(
        "%s: %s must be %s, found %s"
            .formatted(source, field.getName(), describe(field.getType()), whole));
  }

  private static String describe(Class<?> type) {
    if (type.isArray()) {
      String one = describe(type.getComponentType());
      return "a list, each item " + one;
    } else if (type == int.class) {
      return "a whole number";
    } else if (type == float.class) {
      return "a number";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == Boolean.class) {
      return "true, false or null";
    }
    return "a text";
  }
}
