package dev.selvage.doctor;

import dev.selvage.runtime.Native;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The native tests' whole table of cases on the selected GPU, kernel by kernel. */
public final class KernelChecks {
  /**
   * What a kernel's cases found.
   *
   * @param failed of them
   * @param error of the case that came closest to its limit or went furthest beyond
   * @param worstCase that case's name
   */
  public record Result(
      String kernel, int cases, int failed, double error, double limit, String worstCase) {
    public boolean passed() {
      return failed == 0;
    }
  }

  private KernelChecks() {}

  /**
   * Runs all of them.
   *
   * @param library {@code libselvage_checks.so}
   * @param each sees each result as it comes
   */
  public static List<Result> run(Path library, Consumer<Result> each) {
    List<Result> results = new ArrayList<>();
    for (String kernel : Native.openChecks(library.toString()).getString().split("\n")) {
      String[] found = Native.runCheck(kernel).getString().split("\t");
      Result result =
          new Result(
              kernel,
              Integer.parseInt(found[0]),
              Integer.parseInt(found[1]),
              number(found[2]),
              number(found[3]),
              found[4]);
      each.accept(result);
      results.add(result);
    }
    return results;
  }

  private static double number(String text) {
    return switch (text) {
      case "nan", "-nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
