package dev.selvage.tensorboard;

/**
 * One thing that TensorBoard shows: a point of a curve, a picture or a histogram, as tensorflow's
 * {@code Summary.Value}.
 */
public final class SummaryValue {
  // field numbers of Summary.Value, Summary.Image and HistogramProto
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int IMAGE = 4;
  private static final int HISTOGRAM = 5;
  private static final int RGB = 3;

  private final ProtobufWriter message;

  private SummaryValue(ProtobufWriter message) {
    this.message = message;
  }

  static SummaryValue point(String tag, double value) {
    return new SummaryValue(
        new ProtobufWriter().text(TAG, tag).number(SIMPLE_VALUE, (float) value));
  }

  /**
   * A picture.
   *
   * @param height pixels
   * @param width pixels
   * @param jpeg the bytes of a JPEG file
   */
  public static SummaryValue picture(String tag, int height, int width, byte[] jpeg) {
    ProtobufWriter image =
        new ProtobufWriter().whole(1, height).whole(2, width).whole(3, RGB).bytes(4, jpeg);
    return new SummaryValue(new ProtobufWriter().text(TAG, tag).message(IMAGE, image));
  }

  public static SummaryValue histogram(String tag, ValueHistogram h) {
    ProtobufWriter histogram =
        new ProtobufWriter()
            .number(1, h.least())
            .number(2, h.most())
            .number(3, h.count())
            .number(4, h.sum())
            .number(5, h.sumOfSquares())
            .numbers(6, h.limits())
            .numbers(7, h.counts());
    return new SummaryValue(new ProtobufWriter().text(TAG, tag).message(HISTOGRAM, histogram));
  }

  ProtobufWriter message() {
    return message;
  }
}
