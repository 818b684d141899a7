package dev.selvage.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds places for captions next to their boxes, inside the picture, with as little as possible of
 * one over another and over small objects. Captions are placed in turn, so the first have the best
 * places.
 */
final class CaptionLayout {
  /** A rectangle of whole pixels. */
  record Area(int x, int y, int width, int height) {
    int right() {
      return x + width;
    }

    int bottom() {
      return y + height;
    }

    double size() {
      return (double) width * height;
    }

    long common(Area other) {
      long w = Math.min(right(), other.right()) - Math.max(x, other.x);
      long h = Math.min(bottom(), other.bottom()) - Math.max(y, other.y);
      return w > 0 && h > 0 ? w * h : 0;
    }
  }

  /** How many of its own heights a caption may move up or down from its box's edges. */
  private static final int REACH = 8;

  /** What touching another caption costs, in caption heights by which one would rather be moved. */
  private static final double TOUCHED = 3;

  /** The extra cost of covering another caption of the same size completely. */
  private static final double COVERED = 32;

  /** What hiding the whole of an object costs, if it is small. */
  private static final double HIDDEN = 3;

  /** Objects of fewer caption areas than this are small. */
  private static final int SMALL = 8;

  private final int width;
  private final int height;
  private final int gap;
  private final List<Area> objects;
  private final List<Area> placed = new ArrayList<>();

  /**
   * A layout without captions.
   *
   * @param width of the picture
   * @param gap pixels to leave between captions
   * @param objects boxes that are better not hidden
   */
  CaptionLayout(int width, int height, int gap, List<Area> objects) {
    this.objects = List.copyOf(objects);
    this.width = width;
    this.height = height;
    this.gap = gap;
  }

  /**
   * Places one caption.
   *
   * @param box of the object
   * @param captionWidth at most the picture's, or it is cut off at the right
   */
  Area place(Area box, int captionWidth, int captionHeight) {
    int[] columns = {
      box.x,
      box.right() - captionWidth,
      box.x + (box.width - captionWidth) / 2,
      box.right() + gap,
      box.x - gap - captionWidth
    };
    int step = captionHeight + gap;
    int[] rows = {box.y - captionHeight, box.y, box.bottom(), box.bottom() - captionHeight};
    Area best = null;
    double least = Double.MAX_VALUE;
    for (int r = 0; r < rows.length; r++) {
      for (int shift = 0; shift <= REACH; shift++) {
        // captions above the box move up and those below move down; those inside move inwards
        int direction = r == 0 || r == 3 ? -1 : 1;
        for (int c = 0; c < columns.length; c++) {
          Area area =
              inside(columns[c], rows[r] + direction * shift * step, captionWidth, captionHeight);
          double cost = cost(area, box) + 0.3 * r + 0.1 * c;
          if (cost < least) {
            least = cost;
            best = area;
          }
        }
      }
    }
    placed.add(best);
    return best;
  }

  private Area inside(int x, int y, int w, int h) {
    return new Area(
        Math.max(0, Math.min(x, width - w)), Math.max(0, Math.min(y, height - h)), w, h);
  }

  private double cost(Area area, Area box) {
    long covered = 0;
    Area wide = new Area(area.x - gap, area.y - gap, area.width + 2 * gap, area.height + 2 * gap);
    for (Area other : placed) {
      covered += wide.common(other);
    }
    double own = area.size();
    double overlap = covered == 0 ? 0 : TOUCHED + COVERED * covered / own;
    double hidden = 0;
    for (Area object : objects) {
      if (object.size() < SMALL * own) {
        hidden += HIDDEN * object.common(area) / Math.max(1, object.size());
      }
    }
    return overlap + hidden + (double) distance(area, box) / area.height;
  }

  /** Pixels between a caption and its box; 0 where they touch. */
  static int distance(Area a, Area b) {
    int dx = Math.max(0, Math.max(a.x - b.right(), b.x - a.right()));
    int dy = Math.max(0, Math.max(a.y - b.bottom(), b.y - a.bottom()));
    return Math.max(dx, dy);
  }
}
