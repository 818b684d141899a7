package dev.selvage.data.loader;

import dev.selvage.data.Instance;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.MaskRasterizer;
import java.util.ArrayList;
import java.util.List;

/**
 * An object of the input image.
 *
 * @param classId the model's class, 1..K-1
 * @param crowd a crowd region, never a positive
 * @param region its mask in the image
 */
record ResizedInstance(int classId, boolean crowd, CroppedMask region) {
  /** Draws a photo's objects; those that no pixel of the image shows are left out. */
  static List<ResizedInstance> all(List<Instance> instances, MaskRasterizer grid) {
    List<ResizedInstance> resized = new ArrayList<>();
    for (Instance instance : instances) {
      CroppedMask region = grid.draw(instance.mask());
      if (region != null) {
        resized.add(new ResizedInstance(instance.classId(), instance.crowd(), region));
      }
    }
    return resized;
  }
}
