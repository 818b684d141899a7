package dev.selvage.weights.torch;

/** PyTorch's array layouts turned into Keras'. */
final class TorchLayout {
  private TorchLayout() {}

  /**
   * The last two axes before the first two: a convolution's (out,in,h,w) to (h,w,in,out), a
   * deconvolution's (in,out,h,w) to (h,w,out,in), with an area of 1 a dense layer's (out,in) to
   * (in,out), and a dense layer's over a flattened map to the convolution that it is.
   */
  static float[] toKeras(float[] values, int first, int second, int area) {
    float[] turned = new float[values.length];
    for (int i = 0; i < first; i++) {
      for (int j = 0; j < second; j++) {
        int from = (i * second + j) * area;
        for (int p = 0; p < area; p++) {
          turned[(p * second + j) * first + i] = values[from + p];
        }
      }
    }
    return turned;
  }
}
