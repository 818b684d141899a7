package dev.selvage.eval;

/** COCO's object sizes, in square pixels of the photo; both ends belong to a range. */
public enum AreaRange {
  ALL(0, 1e10),
  SMALL(0, 32 * 32),
  MEDIUM(32 * 32, 96 * 96),
  LARGE(96 * 96, 1e10);

  private final double least;
  private final double most;

  AreaRange(double least, double most) {
    this.least = least;
    this.most = most;
  }

  public boolean contains(double area) {
    return area >= least && area <= most;
  }
}
