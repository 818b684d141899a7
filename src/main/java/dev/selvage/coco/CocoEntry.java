package dev.selvage.coco;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One entry of a list in a COCO file, with its position.
 *
 * @param noun what it is: image, annotation, category or result
 * @param index in its list, from 0
 * @param line of its first character, from 1
 * @param offset in the file of its first byte
 * @param length in bytes
 * @param node its fields
 */
public record CocoEntry(
    String noun, int index, int line, long offset, int length, ObjectNode node) {
  /** Line and id, for messages; without an id its number in the list, from 1. */
  public String place() {
    return node.path("id").isIntegralNumber()
        ? "line %s, %s %s".formatted(line, noun, node.get("id"))
        : "line %s, entry %s".formatted(line, index + 1);
  }

  JsonFields fields() {
    return new JsonFields(node);
  }
}
