package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.model.Candidates;
import dev.selvage.util.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One way of showing a photo to the model.
 *
 * @param mirrored left for right
 * @param scale size compared with that of the settings
 */
public record View(boolean mirrored, double scale) implements Serializable {
  /** The photo as the settings say. */
  public static final View PLAIN = new View(false, 1);

  private static final String FLIP = "flip";
  private static final double SMALLEST = 0.25;
  private static final double LARGEST = 4;

  /**
   * The plain view and those that a text lists.
   *
   * @param text such as "flip,0.8,1.25"
   * @throws UserError an entry is neither flip nor a number in 0.25..4, or is there twice
   */
  public static List<View> parse(String text) {
    List<View> views = new ArrayList<>(List.of(PLAIN));
    for (String entry : text.split(",", -1)) {
      View view = entry.equals(FLIP) ? new View(true, 1) : new View(false, scale(entry));
      if (views.contains(view)) {
        throw wrong(entry, "each view once, and the plain one not at all");
      }
      views.add(view);
    }
    return views;
  }

  private static double scale(String entry) {
    try {
      double scale = Double.parseDouble(entry);
      if (scale >= SMALLEST && scale <= LARGEST) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the entry.
    }
    throw wrong(entry, "flip or a scale in 0.25..4");
  }

  private static UserError wrong(String entry, String expected) {
    return new UserError("option --views: expected %s, found '%s'".formatted(expected, entry));
  }

  /** What {@link #parse} makes these views of; empty for the plain view alone. */
  public static String text(List<View> views) {
    return views.stream()
        .filter(view -> !view.equals(PLAIN))
        .map(view -> view.mirrored ? FLIP : String.valueOf(view.scale))
        .collect(Collectors.joining(","));
  }

  /** How a photo is shown before it is mirrored. */
  ResizePlan plan(Config config, PhotoSize size) {
    ResizePlan plan = ResizePlan.of(config, size.height(), size.width(), null);
    return scale == 1 ? plan : plan.scaled(scale);
  }

  /** What the model says about the view, for the photo that is not mirrored. */
  Candidates back(Candidates said) {
    if (!mirrored) {
      return said;
    }
    float[] boxes = said.boxes().clone();
    for (int i = 0; i < boxes.length; i += 4) {
      boxes[i + 1] = 1 - said.boxes()[i + 3];
      boxes[i + 3] = 1 - said.boxes()[i + 1];
    }
    int side = said.side();
    float[] masks = new float[said.masks().length];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = said.masks()[i - i % side + side - 1 - i % side];
    }
    return new Candidates(boxes, said.classIds(), said.scores(), said.best(), masks, side);
  }
}
