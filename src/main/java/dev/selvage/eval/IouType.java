package dev.selvage.eval;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;

/** Whether the overlap of detections with true objects is measured by boxes or by masks. */
enum IouType {
  BOX {
    @Override
    double[][] of(List<Detection> detections, List<Instance> truths) {
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
    double[][] of(List<Detection> detections, List<Instance> truths) {
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
  };

  /**
   * Intersection over union of every detection with every true object of one photo and category.
   * With a crowd it is the intersection over the detection's own area.
   *
   * @return [detections][truths], in 0..1
   */
  abstract double[][] of(List<Detection> detections, List<Instance> truths);
}
