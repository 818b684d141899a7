package dev.selvage.weights.keras;

import dev.selvage.util.UserError;
import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts in attributes of a file's root: {@code selvage_NAME0}, {@code selvage_NAME1} and so on,
 * because an attribute holds less than 64 KB. Keras and Matterport ignore attributes that they do
 * not know.
 */
final class KerasTexts {
  private static final String PREFIX = "selvage_";
  private static final int LONGEST = 60_000;

  private KerasTexts() {}

  /**
   * A text's attributes.
   *
   * @param name which ends in no digit
   * @param text in ASCII
   */
  static List<Hdf5Message> attributes(String name, String text) {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("a text that is not ASCII: " + name);
    }
    List<Hdf5Message> messages = new ArrayList<>();
    for (int from = 0; from < text.length(); from += LONGEST) {
      String part = text.substring(from, Math.min(text.length(), from + LONGEST));
      messages.add(Hdf5Message.attribute(PREFIX + name + messages.size(), part));
    }
    return messages;
  }

  /**
   * The texts of a file's root, by name.
   *
   * @throws UserError if one of them is no text
   */
  static Map<String, String> of(Path file, Node root) {
    Map<String, Attribute> attributes = root.getAttributes();
    Map<String, String> texts = new TreeMap<>();
    for (String first : attributes.keySet()) {
      if (first.startsWith(PREFIX) && first.endsWith("0")) {
        String name = first.substring(0, first.length() - 1);
        if (!Character.isDigit(name.charAt(name.length() - 1))) { // not the eleventh part
          texts.put(name.substring(PREFIX.length()), join(file, attributes, name));
        }
      }
    }
    return texts;
  }

  private static String join(Path file, Map<String, Attribute> attributes, String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; attributes.containsKey(name + i); i++) {
      if (!(attributes.get(name + i).getData() instanceof String part)) {
        throw new UserError(
            "%s: expected a text in attribute %s, found something else".formatted(file, name + i));
      }
      text.append(part);
    }
    return text.toString();
  }
}
