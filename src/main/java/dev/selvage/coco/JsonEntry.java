package dev.selvage.coco;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.util.UserError;

/**
 * One object of a JSON file with its place, so that a complaint can name it.
 *
 * @param where file and line
 */
record JsonEntry(String where, JsonNode node) {
  boolean has(String field) {
    return node.hasNonNull(field)
        && !(node.get(field).isContainerNode() && node.get(field).isEmpty());
  }

  long integer(String field) {
    JsonNode value = require(field, "a whole number");
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw expected(field, "a whole number", value);
    }
    return value.asLong();
  }

  int smallInteger(String field) {
    long value = integer(field);
    if (value != (int) value) {
      throw expected(field, "a number of at most 32 bits", node.get(field));
    }
    return (int) value;
  }

  double number(String field) {
    JsonNode value = require(field, "a number");
    if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw expected(field, "a number", value);
    }
    return value.asDouble();
  }

  String text(String field) {
    JsonNode value = require(field, "a text");
    if (!value.isTextual()) {
      throw expected(field, "a text", value);
    }
    return value.asText();
  }

  /** x, y, width, height. */
  double[] box(String field) {
    return numbers(field, require(field, "[x, y, width, height]"), 4);
  }

  private double[] numbers(String field, JsonNode list, int count) {
    String wanted = count + " numbers";
    if (!list.isArray() || list.size() != count) {
      throw expected(field, wanted, list);
    }
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).isNumber() || !Double.isFinite(list.get(i).asDouble())) {
        throw expected(field, wanted, list.get(i));
      }
      values[i] = list.get(i).asDouble();
    }
    return values;
  }

  JsonNode require(String field, String wanted) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new UserError(
          "%s: expected \"%s\" to be %s, found no such field".formatted(where, field, wanted));
    }
    return value;
  }

  UserError expected(String field, String wanted, JsonNode found) {
    String text = found.toString();
    return new UserError(
        "%s: expected \"%s\" to be %s, found %s"
            .formatted(
                where, field, wanted, text.length() > 60 ? text.substring(0, 60) + "..." : text));
  }

  UserError wrong(String message) {
    return new UserError(where + ": " + message);
  }
}
