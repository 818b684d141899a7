package dev.selvage.http;

/** Is told of every request that was answered, on many threads at a time. */
@FunctionalInterface
public interface RequestObserver {
  /**
   * A request was answered.
   *
   * @param route the pattern of its path; empty where no route has it
   * @param status 100 to 599, or 499 where the client went away
   * @param received bytes of its body that were read
   * @param sent bytes of the answer's body
   */
  void answered(String route, int status, double seconds, long received, long sent);
}
