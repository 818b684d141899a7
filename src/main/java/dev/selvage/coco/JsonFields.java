package dev.selvage.coco;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Box;
import dev.selvage.util.UserError;

/**
 * The fields of a JSON object by their types. A field of another type is a {@link UserError} that
 * names the field, what was expected and what was found, but not the place in the file.
 */
record JsonFields(ObjectNode node) {
  /** Whether a field is there and is neither null nor an empty list or object. */
  boolean has(String field) {
    return node.hasNonNull(field)
        && !(node.get(field).isContainerNode() && node.get(field).isEmpty());
  }

  long integer(String field) {
    JsonNode value = require(field, "a whole number");
    // programs that keep tables of floating-point numbers write 7 as 7.0
    boolean whole = value.isIntegralNumber() || isExact(value.doubleValue());
    if (!value.isNumber() || !whole || !value.canConvertToLong()) {
      throw expected(field, "a whole number", value);
    }
    return value.longValue();
  }

  /** Whether a double is a whole number that no other number is rounded to. */
  private static boolean isExact(double value) {
    return Math.rint(value) == value && Math.abs(value) < 1L << 53;
  }

  int smallInteger(String field) {
    long value = integer(field);
    if (value != (int) value) {
      throw expected(field, "a whole number of at most 32 bits", node.get(field));
    }
    return (int) value;
  }

  double number(String field) {
    return number(field, "a number", require(field, "a number"));
  }

  private static double number(String field, String wanted, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw expected(field, wanted, value);
    }
    return value.doubleValue();
  }

  String text(String field) {
    JsonNode value = require(field, "a string");
    if (!value.isTextual()) {
      throw expected(field, "a string", value);
    }
    return value.textValue();
  }

  Box box(String field) {
    JsonNode list = require(field, "[x, y, width, height]");
    String wanted = "4 numbers";
    if (!list.isArray() || list.size() != 4) {
      throw expected(field, wanted, list);
    }
    double[] xywh = new double[4];
    for (int i = 0; i < 4; i++) {
      xywh[i] = number(field, wanted, list.get(i));
    }
    return new Box(xywh[0], xywh[1], xywh[2], xywh[3]);
  }

  JsonNode require(String field, String wanted) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new UserError("expected \"%s\" to be %s, found no such field".formatted(field, wanted));
    }
    return value;
  }

  static UserError expected(String field, String wanted, JsonNode found) {
    String text = found.toString();
    return new UserError(
        "expected \"%s\" to be %s, found %s%s"
            .formatted(
                field,
                wanted,
                found.isTextual() ? "the string " : "",
                text.length() > 60 ? text.substring(0, 60) + "..." : text));
  }
}
