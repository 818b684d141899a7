package dev.selvage.mask;

import java.util.Arrays;

/**
 * Collects runs of ones in ascending order into canonical run lengths: touching runs are joined,
 * none is empty.
 */
public final class RleBuilder {
  private int[] counts;
  private int used;
  private int end;

  /** Begins with no run; the capacity in counts grows as needed. */
  public RleBuilder(int capacity) {
    counts = new int[Math.max(4, capacity)];
  }

  /** Sets the pixels from start on; start must not lie before the end of the last run. */
  public void set(int start, int length) {
    if (length == 0) {
      return;
    }
    if (used > 0 && start == end) {
      counts[used - 1] += length;
    } else {
      push(start - end);
      push(length);
    }
    end = start + length;
  }

  /** The end of the last run, exclusive. */
  int end() {
    return end;
  }

  /** The mask; its last run must not reach beyond the image. */
  public Rle build(int height, int width) {
    int size = height * width;
    if (end < size || used == 0) {
      push(size - end);
    }
    return new Rle(height, width, Arrays.copyOf(counts, used));
  }

  private void push(int count) {
    if (used == counts.length) {
      counts = Arrays.copyOf(counts, 2 * used);
    }
    counts[used++] = count;
  }
}
