package dev.selvage.sample.scene;

import dev.selvage.sample.body.Body;
import dev.selvage.sample.body.Pose;
import dev.selvage.sample.body.Skeleton;
import dev.selvage.sample.garment.Bags;
import dev.selvage.sample.garment.Outfit;
import dev.selvage.sample.garment.OutfitGenerator;
import dev.selvage.sample.label.Label;
import dev.selvage.sample.paint.Canvas;
import dev.selvage.sample.paint.Layers;
import dev.selvage.sample.paint.Painter;
import dev.selvage.sample.paint.Placement;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Vec;
import java.util.List;

/** Composes a photo: its size, its backdrop, and who stands where. */
public final class Scene {
  /** A finished photo and what is on it; no labels where nobody is. */
  public record Photo(byte[] jpeg, int height, int width, List<Label> labels) {}

  private static final double EMPTY = 0.03;

  private static final List<Backdrop> BACKDROPS =
      List.of(new Studio(), new Wall(), new Room(), new Park(), new Street());

  private Scene() {}

  public static Photo photo(RandomChoices random) {
    boolean landscape = random.chance(0.16);
    double longer = random.between(400, 640);
    double ratio = landscape ? random.between(0.66, 0.8) : random.between(0.58, 0.76);
    int shorter = (int) Math.max(256, Math.round(longer * ratio));
    int width = landscape ? (int) longer : shorter;
    int height = landscape ? shorter : (int) longer;
    int figures =
        landscape ? (random.chance(0.65) ? 2 : 3) : ratio > 0.66 && random.chance(0.3) ? 2 : 1;
    boolean empty = random.chance(EMPTY);
    Canvas canvas = new Canvas(width, height);
    double floor = height * random.between(0.78, 0.88);
    random.pick(BACKDROPS).paint(new Scenery(canvas), random, floor);
    Layers layers = new Layers();
    if (!empty) {
      place(canvas, layers, random, figures);
    }
    return new Photo(canvas.jpeg(), height, width, layers.visible(canvas.top(), height, width));
  }

  private static void place(Canvas canvas, Layers layers, RandomChoices random, int figures) {
    Vec light = new Vec(random.sign() * 0.7, -0.7);
    boolean close = figures == 1 && random.chance(0.08);
    double share = close ? random.between(1.05, 1.25) : random.between(0.8, 0.94);
    if (figures > 1) {
      share = random.between(0.74, 0.9);
    }
    double room = canvas.width / (double) figures;
    // those at the edges first, so that the middle one stands in front
    int[] order =
        figures == 3 ? new int[] {0, 2, 1} : figures == 2 ? new int[] {0, 1} : new int[] {0};
    for (int i : order) {
      boolean front = i == order[order.length - 1];
      double high = share * canvas.height * (front ? 1 : random.between(0.9, 1));
      if (!close) {
        high = Math.min(high, (figures == 1 ? 1.7 : 1.32) * canvas.width);
      }
      double ground =
          close
              ? canvas.height * 0.05 + high
              : canvas.height * (front ? random.between(0.955, 0.98) : random.between(0.93, 0.96));
      double x = room * (i + 0.5) + random.between(-0.08, 0.08) * room;
      if (figures > 1) {
        x += (canvas.width / 2.0 - x) * random.between(0.1, 0.4); // closer, so that they overlap
      }
      Placement placement = new Placement(x, ground, high / 101, random.chance(0.5));
      Outfit outfit = OutfitGenerator.dress(random);
      Pose pose = Pose.random(random);
      if (outfit.extras().bag() != null && outfit.extras().bag() != Bags.Style.CROSSBODY) {
        pose = pose.withHanging(outfit.extras().bagSide(), random);
      }
      Skeleton skeleton = new Skeleton(Body.random(random), pose);
      Figure.draw(new Painter(canvas, layers, placement, light), skeleton, outfit);
    }
  }
}
