package dev.selvage.cli.evaluation;

import dev.selvage.cli.options.Arguments;
import dev.selvage.eval.analysis.Analysis.Matching;
import dev.selvage.util.UserError;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Which detections and objects belong together in the confusion matrix. */
public final class MatchOptions {
  private static final float DEFAULT_IOU = 0.5f;

  /** The least score where there is no model whose limit could be taken. */
  static final float DEFAULT_SCORE = 0.5f;

  public static final Option IOU =
      Arguments.value(
          "match-iou", "I", "least IoU of a match in the confusion matrix", DEFAULT_IOU);

  public static final Option SCORE =
      Arguments.value(
          "match-score",
          "S",
          "lowest score of a detection in the confusion matrix",
          "DETECTION_MIN_CONFIDENCE; %s with --detections".formatted(DEFAULT_SCORE));

  private MatchOptions() {}

  /**
   * Reads the options.
   *
   * @param hasMasks whether the truth has masks
   * @param fallback the least score without {@link #SCORE}
   * @throws UserError a value is not in its range
   */
  public static Matching of(CommandLine line, boolean hasMasks, float fallback) {
    float iou = Arguments.fraction(line, IOU.getLongOpt(), DEFAULT_IOU);
    if (iou == 0) {
      throw new UserError("option --match-iou: expected a number above 0, found 0");
    }
    return new Matching(hasMasks, iou, Arguments.fraction(line, SCORE.getLongOpt(), fallback));
  }
}
