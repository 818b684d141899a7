package dev.selvage.doctor;

import dev.selvage.runtime.ChecksLibrary;
import dev.selvage.runtime.Native;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the native tests' table of cases on the selected device: each operation against plain loops
 * in double precision.
 */
public final class OperationChecks {
  /**
   * The result of an operation's cases.
   *
   * @param operation the name, with the type of its maps or the precision of its products where
   *     that is not float32
   * @param cases how many ran
   * @param failed how many of them went beyond their limit
   * @param error the relative error of the case that came closest to its limit, or went furthest
   *     beyond; NaN if it failed without a number
   * @param limit the limit of that case
   * @param worstCase the name of that case
   */
  public record Result(
      String operation, int cases, int failed, double error, double limit, String worstCase) {
    public boolean passed() {
      return failed == 0;
    }
  }

  private OperationChecks() {}

  /**
   * Runs all of them.
   *
   * @param each receives each result as soon as it is known
   */
  public static List<Result> run(Consumer<Result> each) {
    int groups = Native.openChecks(ChecksLibrary.file().toString());
    List<Result> results = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Native.CheckResult found = Native.runCheck(group);
      Result result =
          new Result(
              Native.checkName(group).getString(),
              found.cases(),
              found.failed(),
              found.error(),
              found.errorLimit(),
              found.worstCase().getString());
      each.accept(result);
      results.add(result);
    }
    return results;
  }
}
