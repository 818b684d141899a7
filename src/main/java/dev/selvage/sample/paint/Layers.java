package dev.selvage.sample.paint;

import dev.selvage.mask.RleBuilder;
import dev.selvage.sample.label.Attribute;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.label.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The object of each layer of a photo. A part belongs to its garment: the garment's mask holds the
 * pixels of its sleeves and pockets too, as annotators draw them.
 */
public final class Layers {
  /** Least visible area, in pixels of the photo shrunk to 192 on its longer side. */
  private static final double LEAST_AREA = 16;

  private record Layer(Kind kind, int garment, TreeSet<Integer> attributes) {}

  private final List<Layer> layers = new ArrayList<>();

  public Layers() {
    layers.add(new Layer(null, 0, null)); // the backdrop
  }

  int count() {
    return layers.size();
  }

  /** Something that hides what is below it and is no garment. */
  public int bare() {
    layers.add(new Layer(null, 0, null));
    return layers.size() - 1;
  }

  public int garment(Kind kind, Attribute... attributes) {
    return part(kind, 0, attributes);
  }

  public int part(Kind kind, int garment, Attribute... attributes) {
    TreeSet<Integer> ids = new TreeSet<>();
    for (Attribute attribute : attributes) {
      if (attribute != null) {
        ids.add(attribute.id);
      }
    }
    layers.add(new Layer(kind, garment, ids));
    return layers.size() - 1;
  }

  /**
   * What can be seen of each garment and part; slivers are left out.
   *
   * @param top [height, width] flat: the topmost layer of each pixel
   */
  public List<Label> visible(int[] top, int height, int width) {
    RleBuilder[] runs = new RleBuilder[layers.size()];
    int[] area = new int[layers.size()];
    for (int x = 0; x < width; x++) {
      int y = 0;
      while (y < height) {
        int layer = top[y * width + x];
        int start = y;
        while (y < height && top[y * width + x] == layer) {
          y++;
        }
        for (int l = layer; l != 0; l = layers.get(l).garment) {
          if (layers.get(l).kind != null) {
            if (runs[l] == null) {
              runs[l] = new RleBuilder(64);
            }
            runs[l].set(x * height + start, y - start);
            area[l] += y - start;
          }
        }
      }
    }
    double shrink = 192.0 / Math.max(height, width);
    List<Label> labels = new ArrayList<>();
    for (int l = 1; l < layers.size(); l++) {
      if (area[l] * shrink * shrink >= LEAST_AREA) {
        Layer layer = layers.get(l);
        labels.add(
            new Label(
                layer.kind,
                List.copyOf(layer.attributes),
                l,
                layer.garment,
                runs[l].build(height, width)));
      }
    }
    return labels;
  }
}
