package dev.selvage.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes the bodies of all running requests may hold together, so that the heap lasts. */
final class BodyBudget {
  private static final int RETRY_SECONDS = 1;

  private final AtomicLong left;

  BodyBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /**
   * Takes bytes out of the budget.
   *
   * @throws HttpFailure 503: other requests hold them
   */
  void take(long bytes) {
    if (left.addAndGet(-bytes) < 0) {
      left.addAndGet(bytes);
      throw new HttpFailure(
          503, "too many bytes are being received; ask again later", RETRY_SECONDS);
    }
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
