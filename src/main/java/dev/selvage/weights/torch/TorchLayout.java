package dev.selvage.weights.torch;

/** PyTorch's array layouts turned into Keras'. */
final class TorchLayout {
  /** Rows that are read side by side, so that what is written fills lines of the cache. */
  private static final int TILE = 16;

  private TorchLayout() {}

  /**
   * The last two axes before the first two: a convolution's (out,in,h,w) to (h,w,in,out), a
   * deconvolution's (in,out,h,w) to (h,w,out,in), with an area of 1 a dense layer's (out,in) to
   * (in,out), and a dense layer's over a flattened map to the convolution that it is.
   */
  static float[] toKeras(float[] values, int first, int second, int area) {
    float[] turned = new float[values.length];
    int row = second * area;
    for (int tile = 0; tile < first; tile += TILE) {
      int end = Math.min(first, tile + TILE);
      for (int j = 0; j < second; j++) {
        for (int p = 0; p < area; p++) {
          int to = (p * second + j) * first;
          int from = j * area + p;
          for (int i = tile; i < end; i++) {
            turned[to + i] = values[i * row + from];
          }
        }
      }
    }
    return turned;
  }
}
