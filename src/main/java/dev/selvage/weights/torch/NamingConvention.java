package dev.selvage.weights.torch;

import java.util.List;
import java.util.Map;

/** How another library names the layers of Mask R-CNN, and the conventions of its training. */
interface NamingConvention {
  /** The library and model, for people. */
  String model();

  /** The convolution before all blocks. */
  String stem();

  /**
   * A convolution of a residual block.
   *
   * @param stage 2 to 5
   * @param block from 0
   * @param conv 1 to 3, or 0 for the shortcut's
   */
  String conv(int stage, int block, int conv);

  /** The batch normalization after a convolution. */
  String norm(String conv);

  /** Whether there is anything but the residual network. */
  boolean detects();

  /** The pyramid's 1x1 convolution for C2..C5. */
  String lateral(int level);

  /** The pyramid's 3x3 convolution for P2..P5. */
  String output(int level);

  String rpnConv();

  String rpnLogits();

  String rpnDeltas();

  /** The box head's fully connected layers, in order. */
  List<String> boxLayers();

  String classLogits();

  String boxDeltas();

  /** The mask head's 3x3 convolution, 1 to 4. */
  String maskConv(int number);

  String maskDeconv();

  String maskLogits();

  /** Whether class 0 is the background; otherwise the last one is, and has neither box nor mask. */
  boolean backgroundFirst();

  /** Whether the input's channels are red, green, blue. */
  boolean rgb();

  /** What the input is divided by after the mean is subtracted; red, green, blue. */
  double[] pixelStd();

  /** What batch normalization adds to the variance. */
  double epsilon();

  /** Tensors that a file may have, and must have with these values. */
  Map<String, float[]> constants();

  /** Whether a weight file does not need this tensor. */
  boolean isIgnored(String name);

  /** Settings under which the model computes what these weights were trained for. */
  Map<String, Object> settings(boolean bottleneck);
}
