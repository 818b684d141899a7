package dev.selvage.model;

import dev.selvage.data.loader.RpnTargets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the anchors that carry loss lie in the pyramid. The backward pass of the RPN touches these
 * cells only.
 *
 * @param grids the anchors' cells at each level
 * @param positions for each level the cells (n rows + y) columns + x of its grid that hold a
 *     sampled anchor, rising; -1 for none
 * @param firstRow for each level where its positions begin among the rows of one matrix
 * @param rows of that matrix
 * @param anchorRows the sampled anchors as rows of the dense logits [N A,2] and deltas [N A,4]: of
 *     each image the positives, then the negatives; -1 for none
 * @param anchorSlots the same anchors as rows of [rows ratios,2] and [rows ratios,4]
 * @param labels 1 object, 0 background, -1 for none
 * @param deltaTargets [sampled,4] flat, zeros but for objects
 */
record SampledAnchors(
    AnchorGrid[] grids,
    int[][] positions,
    int[] firstRow,
    int rows,
    int[] anchorRows,
    int[] anchorSlots,
    int[] labels,
    float[] deltaTargets) {

  /**
   * Finds the cells.
   *
   * @param targets one for each image
   * @param grids the anchors' cells at each level
   * @param ratios anchors of a cell
   */
  static SampledAnchors of(RpnTargets[] targets, AnchorGrid[] grids, int ratios) {
    int levels = grids.length;
    int[] cells = Stream.of(grids).mapToInt(AnchorGrid::cells).toArray();
    int perImage = Arrays.stream(cells).sum() * ratios;
    List<Anchor> sampled = new ArrayList<>();
    for (int n = 0; n < targets.length; n++) {
      for (int anchor : targets[n].positives()) {
        sampled.add(Anchor.of(n, anchor, cells, ratios, perImage, 1));
      }
      for (int anchor : targets[n].negatives()) {
        sampled.add(Anchor.of(n, anchor, cells, ratios, perImage, 0));
      }
    }
    int[][] positions = new int[levels][];
    int[] firstRow = new int[levels + 1];
    for (int level = 0; level < levels; level++) {
      int l = level;
      positions[l] =
          sampled.stream()
              .filter(a -> a.level == l)
              .mapToInt(Anchor::position)
              .sorted()
              .distinct()
              .toArray();
      firstRow[l + 1] = firstRow[l] + positions[l].length;
    }
    int[] rows = sampled.stream().mapToInt(Anchor::row).toArray();
    int[] slots =
        sampled.stream()
            .mapToInt(
                a ->
                    (firstRow[a.level] + Arrays.binarySearch(positions[a.level], a.position))
                            * ratios
                        + a.ratio)
            .toArray();
    int[] labels = sampled.stream().mapToInt(Anchor::label).toArray();
    float[] deltaTargets = new float[4 * labels.length];
    int at = 0;
    for (RpnTargets t : targets) {
      System.arraycopy(t.deltas(), 0, deltaTargets, at, 4 * t.positives().length);
      at += 4 * (t.positives().length + t.negatives().length);
    }
    return new SampledAnchors(
        grids, positions, firstRow, firstRow[levels], rows, slots, labels, deltaTargets);
  }

  /**
   * The same anchors in lists whose lengths, and tensors whose shapes, do not depend on them: each
   * level has a list of all rows.
   *
   * @param count of anchors, at least as many as there are
   */
  SampledAnchors padded(int count) {
    int size = Math.max(count, labels.length);
    int[][] everywhere = new int[positions.length][];
    for (int level = 0; level < positions.length; level++) {
      everywhere[level] = filled(size);
      System.arraycopy(
          positions[level], 0, everywhere[level], firstRow[level], positions[level].length);
    }
    return new SampledAnchors(
        grids,
        everywhere,
        new int[firstRow.length],
        size,
        padded(anchorRows, size),
        padded(anchorSlots, size),
        padded(labels, size),
        Arrays.copyOf(deltaTargets, 4 * size));
  }

  private static int[] padded(int[] values, int size) {
    int[] longer = filled(size);
    System.arraycopy(values, 0, longer, 0, values.length);
    return longer;
  }

  private static int[] filled(int size) {
    int[] none = new int[size];
    Arrays.fill(none, -1);
    return none;
  }

  private record Anchor(int level, int position, int ratio, int row, int label) {
    static Anchor of(int imageIndex, int anchor, int[] cells, int ratios, int perImage, int label) {
      int level = 0;
      int rest = anchor;
      while (rest >= cells[level] * ratios) {
        rest -= cells[level] * ratios;
        level++;
      }
      int position = imageIndex * cells[level] + rest / ratios;
      return new Anchor(level, position, rest % ratios, imageIndex * perImage + anchor, label);
    }
  }
}
