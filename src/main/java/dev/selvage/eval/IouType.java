package dev.selvage.eval;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import java.util.List;

/** How the overlap of detections with true objects is measured. */
public enum IouType {
  BOX {
    @Override
    public double[][] of(List<Detection> detections, List<Instance> truths) {
      double[][] overlaps = new double[detections.size()][truths.size()];
      for (int d = 0; d < overlaps.length; d++) {
        Box box = detections.get(d).box();
        for (int t = 0; t < truths.size(); t++) {
          Box truth = truths.get(t).box();
          double common = box.intersection(truth);
          double union = truths.get(t).crowd() ? box.area() : box.area() + truth.area() - common;
          overlaps[d][t] = common == 0 ? 0 : common / union;
        }
      }
      return overlaps;
    }
  },
  MASK {
    @Override
    public double[][] of(List<Detection> detections, List<Instance> truths) {
      double[][] overlaps = new double[detections.size()][truths.size()];
      List<Box> truthBoxes = truths.stream().map(t -> Box.of(t.mask())).toList();
      int[] truthAreas = truths.stream().mapToInt(t -> t.mask().area()).toArray();
      for (int d = 0; d < overlaps.length; d++) {
        Box box = Box.of(detections.get(d).mask());
        int area = detections.get(d).mask().area();
        for (int t = 0; t < truthAreas.length; t++) {
          // masks whose boxes do not overlap cannot overlap either
          if (box.intersection(truthBoxes.get(t)) > 0) {
            int common = detections.get(d).mask().intersection(truths.get(t).mask());
            double union = truths.get(t).crowd() ? area : area + truthAreas[t] - common;
            overlaps[d][t] = common == 0 ? 0 : common / union;
          }
        }
      }
      return overlaps;
    }
  },
  /**
   * The smaller one of the masks' IoU and that of their boundaries (Cheng et al. 2021, "Boundary
   * IoU"); with a crowd that of the masks. Only overlaps of at least 0.5, the lowest of COCO's
   * thresholds, are compared by their boundaries.
   */
  BOUNDARY {
    @Override
    public double[][] of(List<Detection> detections, List<Instance> truths) {
      double[][] overlaps = MASK.of(detections, truths);
      Rle[] boundaries = new Rle[truths.size()];
      for (int d = 0; d < overlaps.length; d++) {
        Rle boundary = null;
        for (int t = 0; t < boundaries.length; t++) {
          if (overlaps[d][t] >= CocoParams.IOU[0] && !truths.get(t).crowd()) {
            boundary = boundary == null ? Boundary.of(detections.get(d).mask()) : boundary;
            boundaries[t] =
                boundaries[t] == null ? Boundary.of(truths.get(t).mask()) : boundaries[t];
            overlaps[d][t] = Math.min(overlaps[d][t], boundary.iou(boundaries[t]));
          }
        }
      }
      return overlaps;
    }
  };

  /**
   * Intersection over union of every detection with every true object of one photo. With a crowd it
   * is the intersection over the detection's own area.
   *
   * @return [detections][truths], in 0..1
   */
  public abstract double[][] of(List<Detection> detections, List<Instance> truths);
}
