package dev.selvage.bench;

import dev.selvage.runtime.Native;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times single operations at the shapes of a training step of ResNet-50 with FPN. The measuring is
 * native ({@code native/bench/bench.h} says how), so that a machine without Java can do the same.
 */
public final class KernelBench {
  /**
   * What the device can do at best.
   *
   * @param teraflops of the data sheet where {@code by} says so, else of a matrix product
   * @param gigabytes a second, of a large copy
   */
  public record Device(String name, double teraflops, String by, double gigabytes) {}

  /**
   * One operation at one shape.
   *
   * @param roofline share of what the device can do at best, in percent
   * @param cudnnMicros cuDNN's time; null where cuDNN is not loaded, or has no such operation
   * @param cudnnRatio cuDNN's time over ours; null with it
   */
  public record Row(
      String operation,
      double medianMicros,
      double teraflops,
      double gigabytes,
      double roofline,
      Double cudnnMicros,
      Double cudnnRatio) {}

  /** All of a run. */
  public record Found(Device device, List<Row> rows) {}

  private KernelBench() {}

  /**
   * Measures.
   *
   * @param part of the operation's name and shape; all for ""
   * @param size of the square images
   * @param type of the maps: 0 for f32, 1 for bf16, 2 for f16
   * @param first sees the device before the first row
   * @param each sees each row as it comes
   * @return no rows where no operation's name contains the part
   */
  public static Found run(
      String part, int images, int size, int type, Consumer<Device> first, Consumer<Row> each) {
    String names = Native.openBench(part, images, size, size, type).getString();
    List<Row> rows = new ArrayList<>();
    if (names.isEmpty()) {
      return new Found(null, rows);
    }
    String[] best = Native.runBench(-1).getString().split("\t");
    Device device = new Device(best[3], number(best[0]), best[2], number(best[1]));
    first.accept(device);
    for (String name : names.split("\n")) {
      String[] found = Native.runBench(rows.size()).getString().split("\t");
      Row row =
          new Row(
              name,
              number(found[0]),
              number(found[1]),
              number(found[2]),
              number(found[3]),
              numberOrNull(found[4]),
              numberOrNull(found[5]));
      each.accept(row);
      rows.add(row);
    }
    return new Found(device, rows);
  }

  private static Double numberOrNull(String text) {
    return text.equals("-") ? null : Double.valueOf(text);
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }
}
