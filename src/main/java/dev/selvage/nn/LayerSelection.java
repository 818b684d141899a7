package dev.selvage.nn;

import dev.selvage.util.UserError;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which layers learn: Matterport's short names or a regular expression that matches whole layer
 * names.
 */
public final class LayerSelection {
  private static final String HEADS = "(mrcnn_.*)|(rpn_.*)|(fpn_.*)";

  private LayerSelection() {}

  public static Pattern pattern(String layers) {
    String regex =
        switch (layers) {
          case "heads" -> HEADS;
          case "3+" -> from(3);
          case "4+" -> from(4);
          case "5+" -> from(5);
          case "all" -> ".*";
          default -> layers;
        };
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new UserError(
          "LAYERS: expected heads, 3+, 4+, 5+, all or a regular expression over layer names, found \""
              + layers
              + "\" ("
              + e.getDescription()
              + ")",
          e);
    }
  }

  private static String from(int stage) {
    StringBuilder regex = new StringBuilder();
    for (int s = stage; s <= 5; s++) {
      regex.append("(res").append(s).append(".*)|(bn").append(s).append(".*)|");
    }
    return regex + HEADS;
  }
}
