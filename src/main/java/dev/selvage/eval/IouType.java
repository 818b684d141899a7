package dev.selvage.eval;

import java.util.List;

/** Overlap of every detection with every truth of one photo and category. */
enum IouType {
  BOX {
    @Override
    double[][] of(List<CocoDetection> detections, List<GroundTruthObject> truths) {
      double[][] overlaps = new double[detections.size()][truths.size()];
      for (int d = 0; d < overlaps.length; d++) {
        for (int t = 0; t < truths.size(); t++) {
          overlaps[d][t] =
              Xywh.iou(detections.get(d).box(), truths.get(t).box(), truths.get(t).crowd());
        }
      }
      return overlaps;
    }
  },
  MASK {
    @Override
    double[][] of(List<CocoDetection> detections, List<GroundTruthObject> truths) {
      double[][] overlaps = new double[detections.size()][truths.size()];
      List<double[]> truthBoxes = truths.stream().map(t -> Xywh.of(t.mask())).toList();
      int[] truthAreas = truths.stream().mapToInt(t -> t.mask().area()).toArray();
      for (int d = 0; d < overlaps.length; d++) {
        double[] box = Xywh.of(detections.get(d).mask());
        int area = detections.get(d).mask().area();
        for (int t = 0; t < truthAreas.length; t++) {
          // masks whose boxes are apart need no walk along their runs
          if (Xywh.iou(box, truthBoxes.get(t), false) > 0) {
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
   * Intersection over union, or over the detection's own area where the truth is a crowd.
   *
   * @return [detections][truths]
   */
  abstract double[][] of(List<CocoDetection> detections, List<GroundTruthObject> truths);
}
