package dev.selvage.eval;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Photos with a few rectangles, as cruel as files can be: crowds, ties, empty masks, nothing. */
public final class RandomScenes {
  private static final int SIDE = 40;

  private final Random random;
  private final int classes;

  public RandomScenes(long seed, int classes) {
    random = new Random(seed);
    this.classes = classes;
  }

  public List<Instance> truths() {
    List<Instance> truths = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      truths.add(new Instance(classId(), mask(), random.nextInt(6) == 0));
    }
    return truths;
  }

  /** Some are moved truths, some are anywhere; scores are 0, 0.1 .. 1. */
  public List<Detection> found(List<Instance> truths) {
    List<Detection> found = new ArrayList<>();
    for (Instance truth : truths) {
      for (int i = random.nextInt(3); i > 0; i--) {
        int[] box = truth.mask().box();
        Rle mask =
            rectangle(
                box[0] + random.nextInt(3),
                box[1] + random.nextInt(3),
                box[2] - box[0],
                box[3] - box[1]);
        found.add(found(random.nextInt(4) == 0 ? classId() : truth.classId(), mask));
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      found.add(found(classId(), mask()));
    }
    return found;
  }

  private Detection found(int classId, Rle mask) {
    return new Detection(classId, random.nextInt(11) / 10., Box.of(mask), mask);
  }

  private int classId() {
    return 1 + random.nextInt(classes);
  }

  private Rle mask() {
    return random.nextInt(8) == 0
        ? Rle.empty(SIDE, SIDE)
        : rectangle(
            random.nextInt(SIDE),
            random.nextInt(SIDE),
            1 + random.nextInt(20),
            1 + random.nextInt(20));
  }

  private static Rle rectangle(int top, int left, int height, int width) {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int x = left; x < Math.min(SIDE, left + width); x++) {
      for (int y = top; y < Math.min(SIDE, top + height); y++) {
        pixels[x * SIDE + y] = 1;
      }
    }
    return Rle.fromBitmask(pixels, SIDE, SIDE);
  }
}
