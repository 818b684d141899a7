package dev.selvage.bench;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.loader.RpnTargetBuilder;
import dev.selvage.mask.CroppedMask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Makes a training example as Matterport's load_image_gt does: it decodes the whole photo, draws
 * each mask at the photo's size, scales it to the image's size, finds its box and cuts out a mini
 * mask. The loader is compared with it; both use the same code for the RPN's targets.
 */
final class NaiveLoader {
  private final Dataset dataset;
  private final Config config;
  private final Photos photos = new Photos();
  private final RpnTargetBuilder rpnTargets;
  private final int side;

  NaiveLoader(Dataset dataset, Config config) {
    this.dataset = dataset;
    this.config = config;
    side = config.IMAGE_MAX_DIM;
    rpnTargets = new RpnTargetBuilder(config, side, side);
  }

  /** Returns the number of objects, so that the JVM cannot optimize the work away. */
  int load(int imageIndex) {
    ResizePlan plan =
        ResizePlan.of(config, dataset.height(imageIndex), dataset.width(imageIndex), null);
    picture(imageIndex, plan);
    List<byte[]> whole = new ArrayList<>();
    List<Integer> classIds = new ArrayList<>();
    for (Instance instance : dataset.instances(imageIndex)) {
      whole.add(instance.mask().toBitmask());
      classIds.add(instance.classId());
    }
    List<byte[]> zoomed = whole.stream().map(mask -> zoom(mask, plan)).toList();
    int mini = config.MINI_MASK_SHAPE.get(0);
    float[] boxes = new float[4 * zoomed.size()];
    byte[] miniMasks = new byte[zoomed.size() * mini * mini];
    int objects = 0;
    for (byte[] mask : zoomed) {
      int[] box = box(mask);
      if (box[2] > 0) {
        for (int k = 0; k < 4; k++) {
          boxes[4 * objects + k] = box[k];
        }
        cut(mask, box).shrink(miniMasks, objects * mini * mini, mini, mini);
        objects++;
      }
    }
    rpnTargets.build(Arrays.copyOf(boxes, 4 * objects), new double[0], new SplittableRandom(1));
    return objects;
  }

  private void picture(int imageIndex, ResizePlan plan) {
    try (Mat photo = photos.original(dataset.path(imageIndex)).orElseThrow();
        Scalar black = new Scalar(0);
        Mat picture = new Mat(side, side, CV_8UC3, black);
        Rect place = new Rect(plan.left(), plan.top(), plan.scaledWidth(), plan.scaledHeight());
        Mat inside = new Mat(picture, place);
        Size size = inside.size()) {
      opencv_imgproc.resize(photo, inside, size);
    }
  }

  /** Nearest neighbours (scipy's zoom of order 0), with zeros around them. */
  private byte[] zoom(byte[] mask, ResizePlan plan) {
    byte[] picture = new byte[side * side];
    for (int y = 0; y < plan.scaledHeight(); y++) {
      int fromY = (int) ((y + 0.5) * plan.originalHeight() / plan.scaledHeight());
      int row = (plan.top() + y) * side + plan.left();
      for (int x = 0; x < plan.scaledWidth(); x++) {
        int fromX = (int) ((x + 0.5) * plan.originalWidth() / plan.scaledWidth());
        picture[row + x] = mask[fromX * plan.originalHeight() + fromY];
      }
    }
    return picture;
  }

  private int[] box(byte[] picture) {
    int[] box = {side, side, 0, 0};
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        if (picture[y * side + x] != 0) {
          box[0] = Math.min(box[0], y);
          box[1] = Math.min(box[1], x);
          box[2] = y + 1;
          box[3] = Math.max(box[3], x + 1);
        }
      }
    }
    return box;
  }

  private CroppedMask cut(byte[] picture, int[] box) {
    int height = box[2] - box[0];
    int width = box[3] - box[1];
    byte[] inside = new byte[height * width];
    for (int y = 0; y < height; y++) {
      System.arraycopy(picture, (box[0] + y) * side + box[1], inside, y * width, width);
    }
    return new CroppedMask(box[0], box[1], height, width, inside);
  }
}
