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
 * @param positions for each level the cells (n rows + y) columns + x of its {@link AnchorGrid} that
 *     hold a sampled anchor, rising
 * @param firstRow for each level where its cells begin when all levels' cells are rows of one
 *     matrix; then their number
 * @param logitRows the sampled anchors as rows of the dense logits [N A,2]: of each image the
 *     positives, then the negatives
 * @param logitSlots the same anchors as rows of [cells ratios,2]
 * @param labels 1 object, 0 background
 * @param deltaRows the positive anchors as rows of the dense deltas [N A,4]
 * @param deltaSlots the same anchors as rows of [cells ratios,4]
 * @param deltaTargets [positives,4] flat
 */
record SampledAnchors(
    int[][] positions,
    int[] firstRow,
    int[] logitRows,
    int[] logitSlots,
    int[] labels,
    int[] deltaRows,
    int[] deltaSlots,
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
    int deltaCount = 0;
    for (int n = 0; n < targets.length; n++) {
      for (int anchor : targets[n].positives()) {
        sampled.add(Anchor.of(n, anchor, cells, ratios, perImage, 1));
      }
      for (int anchor : targets[n].negatives()) {
        sampled.add(Anchor.of(n, anchor, cells, ratios, perImage, 0));
      }
      deltaCount += targets[n].positives().length;
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
    int[] deltaRows = new int[deltaCount];
    int[] deltaSlots = new int[deltaCount];
    float[] deltaTargets = new float[4 * deltaCount];
    int next = 0;
    for (int i = 0; i < rows.length; i++) {
      if (labels[i] == 1) {
        deltaRows[next] = rows[i];
        deltaSlots[next] = slots[i];
        next++;
      }
    }
    int at = 0;
    for (RpnTargets t : targets) {
      System.arraycopy(t.deltas(), 0, deltaTargets, at, 4 * t.positives().length);
      at += 4 * t.positives().length;
    }
    return new SampledAnchors(
        positions, firstRow, rows, slots, labels, deltaRows, deltaSlots, deltaTargets);
  }

  /** Cells of all levels and images. */
  int rows() {
    return firstRow[firstRow.length - 1];
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
