package dev.selvage.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The type of a single value of a setting.
 *
 * @param description completes "must be"
 * @param accepts whether a JSON value has this type
 * @param convert makes the Java value of an accepted JSON value
 */
record ValueType<T>(
    String description, Predicate<JsonNode> accepts, Function<JsonNode, T> convert) {
  static final ValueType<Integer> INTEGER =
      new ValueType<>(
          "a whole number", n -> n.isIntegralNumber() && n.canConvertToInt(), JsonNode::intValue);

  static final ValueType<Float> NUMBER =
      new ValueType<>(
          "a number", n -> n.isNumber() && Float.isFinite(n.floatValue()), JsonNode::floatValue);

  static final ValueType<Boolean> FLAG =
      new ValueType<>("true or false", JsonNode::isBoolean, JsonNode::booleanValue);

  static final ValueType<Boolean> FLAG_OR_NULL =
      new ValueType<>(
          "true, false or null",
          n -> n.isBoolean() || n.isNull(),
          n -> n.isNull() ? null : n.booleanValue());

  static final ValueType<String> TEXT =
      new ValueType<>("a string", JsonNode::isTextual, JsonNode::textValue);
}
