package dev.selvage.train;

import dev.selvage.report.Jpeg;

/**
 * One thing that TensorBoard shows: a point of a curve, a picture or a histogram, as tensorflow's
 * {@code Summary.Value}.
 */
final class SummaryValue {
  // field numbers of Summary.Value, Summary.Image and HistogramProto
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HISTOGRAM = 5;
  private static final int RGB = 3;

  private final Proto message;

  private SummaryValue(Proto message) {
    this.message = message;
  }

  static SummaryValue point(String tag, double value) {
    return new SummaryValue(new Proto().text(TAG, tag).number(SIMPLE_VALUE, (float) value));
  }

  static SummaryValue picture(String tag, Jpeg picture) {
    Proto image =
        new Proto()
            .whole(1, picture.height())
            .whole(2, picture.width())
            .whole(3, RGB)
            .bytes(4, picture.bytes());
    return new SummaryValue(new Proto().text(TAG, tag).message(IMAGE, image));
  }

  static SummaryValue histogram(String tag, ValueHistogram h) {
    Proto histogram =
        new Proto()
            .number(1, h.least())
            .number(2, h.most())
            .number(3, h.count())
            .number(4, h.sum())
            .number(5, h.sumOfSquares())
            .numbers(6, h.limits())
            .numbers(7, h.counts());
    return new SummaryValue(new Proto().text(TAG, tag).message(HISTOGRAM, histogram));
  }

  Proto message() {
    return message;
  }
}
