package dev.selvage.tune;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** What tuning improves. */
public enum Measure {
  /** Kaggle's 2019 measure, see {@link dev.selvage.eval.KaggleScore}. */
  KAGGLE("Kaggle's measure of 2019", true, true) {
    @Override
    double of(List<Shown> photos, Costs costs) {
      double sum = 0;
      for (Shown photo : photos) {
        for (int t = 0; t < Judged.THRESHOLDS; t++) {
          int right = photo.judged.right(t);
          int all = photo.objects + photo.judged.wrong(t);
          sum += all == 0 ? 1 : (double) right / all;
        }
      }
      return sum / (Judged.THRESHOLDS * photos.size());
    }
  },

  /** Harmonic mean of precision and recall of all objects at mask IoU 0.50. */
  F1("F1 of all objects at mask IoU 0.50", false, true) {
    @Override
    double of(List<Shown> photos, Costs costs) {
      long right = 0;
      long all = 0;
      for (Shown photo : photos) {
        int matched = photo.judged.right(0);
        right += 2L * matched;
        all += matched + photo.judged.wrong(0) + photo.objects;
      }
      return all == 0 ? 0 : (double) right / all;
    }
  },

  /** Average precision at mask IoU 0.50, the mean over the classes that have true objects. */
  AP50("AP50 by masks", false, false) {
    @Override
    double of(List<Shown> photos, Costs costs) {
      TreeSet<Integer> classes = new TreeSet<>();
      photos.forEach(photo -> Arrays.stream(photo.classIds).forEach(classes::add));
      return classes.stream().mapToDouble(c -> averagePrecision(photos, c)).average().orElse(0);
    }
  },

  /** What wrong and missed objects cost, the mean over photos, at mask IoU 0.50. */
  COST("cost of a photo", false, true) {
    @Override
    double of(List<Shown> photos, Costs costs) {
      double sum = 0;
      for (Shown photo : photos) {
        sum += costs.wrong * photo.judged.wrong(0);
        sum += costs.missed * (photo.objects - photo.judged.right(0));
      }
      return -sum / photos.size();
    }
  };

  /** COCO's recalls. */
  private static final int RECALLS = 101;

  /**
   * What {@link #COST} counts.
   *
   * @param wrong cost of a detection that is not right
   * @param missed cost of a true object that is not found
   */
  public record Costs(double wrong, double missed) {}

  /**
   * A photo.
   *
   * @param judged what is found
   * @param classIds of the true objects
   * @param objects how many these are
   */
  record Shown(Judged judged, int[] classIds, int objects) {}

  private final String title;
  private final boolean apart;
  private final boolean cutsScores;

  Measure(String title, boolean apart, boolean cutsScores) {
    this.title = title;
    this.apart = apart;
    this.cutsScores = cutsScores;
  }

  /** The value for photos, the higher the better: a cost is negative. */
  abstract double of(List<Shown> photos, Costs costs);

  /** What it is called in a sentence. */
  public String title() {
    return title;
  }

  /** The value as it is printed. */
  public double printed(double value) {
    return this == COST ? -value : value;
  }

  /** Whether no pixel may lie in two objects. */
  public boolean apart() {
    return apart;
  }

  /** Whether a threshold of the scores can improve it. */
  boolean cutsScores() {
    return cutsScores;
  }

  private static double averagePrecision(List<Shown> photos, int classId) {
    record Found(float score, boolean right) {}
    List<Found> found = new java.util.ArrayList<>();
    long objects = 0;
    for (Shown photo : photos) {
      objects += Arrays.stream(photo.classIds).filter(c -> c == classId).count();
      Judged judged = photo.judged;
      for (int i = 0; i < judged.scores().length; i++) {
        if (judged.classIds()[i] == classId
            && (judged.right()[i] > 0 || judged.ignored()[i] == 0)) {
          found.add(new Found(judged.scores()[i], judged.right()[i] > 0));
        }
      }
    }
    found.sort(Comparator.comparingDouble(f -> -f.score));
    double[] best = new double[RECALLS];
    int right = 0;
    for (int i = 0; i < found.size(); i++) {
      right += found.get(i).right ? 1 : 0;
      int recall = (int) Math.floor((double) right / objects * (RECALLS - 1) + 1e-9);
      best[recall] = Math.max(best[recall], (double) right / (i + 1));
    }
    double sum = 0;
    double most = 0;
    for (int r = RECALLS - 1; r >= 0; r--) {
      most = Math.max(most, best[r]);
      sum += most;
    }
    return sum / RECALLS;
  }
}
