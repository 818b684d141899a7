package dev.selvage.model;

import java.util.stream.IntStream;

/**
 * The cells of a pyramid level that anchors stand on: every {@code stride}-th of its map in both
 * directions (RPN_ANCHOR_STRIDE). The region proposal network looks at a cell through the 3x3
 * window that TensorFlow's "same" padding gives a convolution of that stride: where padding is
 * needed, one row or column before the map if there are two to add, and the rest behind it.
 *
 * @param height of the map
 * @param width of the map
 */
record AnchorGrid(int height, int width, int stride) {
  int rows() {
    return ceilDiv(height);
  }

  int columns() {
    return ceilDiv(width);
  }

  int cells() {
    return rows() * columns();
  }

  /**
   * Where the windows are centred.
   *
   * @param positions cells (n rows + y) columns + x of the grids of several images; -1 for none
   * @return the places (n height + y) width + x of their maps; -1 for none
   */
  int[] centres(int[] positions) {
    return stride == 1 ? positions : IntStream.of(positions).map(this::centre).toArray();
  }

  private int centre(int position) {
    if (position < 0) {
      return position;
    }
    int imageIndex = position / cells();
    int y = position % cells() / columns();
    int x = position % columns();
    return (imageIndex * height + centre(y, height)) * width + centre(x, width);
  }

  private int centre(int cell, int size) {
    int padding = Math.max((ceilDiv(size) - 1) * stride + 3 - size, 0);
    return cell * stride - padding / 2 + 1;
  }

  private int ceilDiv(int size) {
    return (size + stride - 1) / stride;
  }
}
