package dev.selvage.data.loader;

import org.bytedeco.javacpp.BytePointer;

/**
 * Images and targets of one training or validation step; the only class of this package that the
 * model sees.
 *
 * @param imageIndices [N] image indices in the dataset
 * @param fileNames [N]
 * @param rgb [N,H,W,3] bytes outside the Java heap; freed by {@link #close}
 * @param seed of the random choices that the model makes for this batch
 */
public record Batch(
    int[] imageIndices,
    String[] fileNames,
    BytePointer rgb,
    int height,
    int width,
    GroundTruth[] truths,
    RpnTargets[] rpnTargets,
    long seed)
    implements AutoCloseable {
  public int size() {
    return imageIndices.length;
  }

  /** A batch of one of the images, over this one's memory: not to be closed. */
  public Batch only(int imageIndex) {
    long bytes = 3L * height * width;
    return new Batch(
        new int[] {imageIndices[imageIndex]},
        new String[] {fileNames[imageIndex]},
        rgb.getPointer(imageIndex * bytes),
        height,
        width,
        new GroundTruth[] {truths[imageIndex]},
        new RpnTargets[] {rpnTargets[imageIndex]},
        seed);
  }

  @Override
  public void close() {
    rgb.deallocate();
  }
}
