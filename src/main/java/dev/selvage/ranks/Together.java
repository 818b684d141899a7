package dev.selvage.ranks;

import dev.selvage.util.UserError;

/** Lets the ranks of a training end together, whatever happens to one of them. */
public final class Together {
  private Together() {}

  /**
   * Does the work of this rank, then parts from the others; where the work fails, they learn why.
   */
  public static void run(Communicator ranks, Runnable work) {
    try {
      work.run();
      ranks.leave();
    } catch (UserError e) {
      ranks.fail(e.getMessage());
      throw e;
    } catch (RuntimeException | Error e) {
      ranks.fail(e.toString());
      throw e;
    }
  }
}
