package dev.selvage.studio.results;

import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.predict.View;
import dev.selvage.tune.Tuned;
import dev.selvage.tune.TunedFile;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Score thresholds that a person has set, saved as {@code tune} saves its own. */
final class HandTuned {
  private static final String NAME = "tuned-studio";

  private HandTuned() {}

  /**
   * Writes the file next to the weights: tuned-studio.json or, where files of this name are there,
   * tuned-studio-2.json and so on, so that none is replaced.
   *
   * @param weights the weight file
   * @param scores [classes] lowest score of each class, each in 0..1
   * @return the file
   * @throws UserError a score is out of range, there are more or fewer, or it cannot be written
   */
  static synchronized Path write(Path weights, JudgedModel model, double[] scores) {
    int classes = model.dataset().categories().size();
    if (scores.length != classes) {
      throw new UserError(
          "scores: expected one for each of the %d classes, found %d"
              .formatted(classes, scores.length));
    }
    for (double score : scores) {
      if (!(score >= 0 && score <= 1)) {
        throw new UserError("scores: expected numbers in 0..1, found " + score);
      }
    }
    double[] before = new double[classes];
    Arrays.fill(before, model.config().DETECTION_MIN_CONFIDENCE);
    Tuned tuned =
        new Tuned(
            model.weights(),
            model.dataset().categories(),
            Tuned.BY_HAND,
            model.dataset().name(),
            model.photos().size(),
            f1(model.photos(), before),
            f1(model.photos(), scores),
            List.of(View.PLAIN),
            model.rules().withScores(scores));
    Path file = free(weights.toAbsolutePath().getParent());
    TunedFile.write(file, tuned);
    return file;
  }

  private static Path free(Path folder) {
    Path file = folder.resolve(NAME + ".json");
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve("%s-%d.json".formatted(NAME, i));
    }
    return file;
  }

  /** F1 of all objects at mask IoU 0.50; 0 without objects and detections. */
  static double f1(List<JudgedPhoto> photos, double[] scores) {
    long right = 0;
    long all = 0;
    for (JudgedPhoto photo : photos) {
      all += photo.truths().stream().filter(truth -> !truth.crowd()).count();
      for (int d : photo.errors().order()) {
        JudgedPhoto.Find find = photo.found().get(d);
        if (find.score() >= scores[find.classId() - 1] && !photo.errors().ignored()[d]) {
          all++;
          right += photo.errors().truthOf()[d] >= 0 ? 2 : 0;
        }
      }
    }
    return all == 0 ? 0 : (double) right / all;
  }
}
