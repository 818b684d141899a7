package dev.selvage.studio.results;

/**
 * A model and the photos that it is judged on.
 *
 * @param run name of the run's folder; empty for the weights that the studio was started with
 * @param epoch its number, or {@value #BEST}; empty where the run is
 * @param part train, valid or all
 */
record ModelKey(String run, String epoch, String part) {
  /** The epoch with the highest mask AP. */
  static final String BEST = "best";

  @Override
  public String toString() {
    return run.isEmpty() ? part : "%s, epoch %s, %s".formatted(run, epoch, part);
  }
}
