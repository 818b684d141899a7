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
   * @param cudnnRatio cuDNN's time divided by that of the built-in kernels; null with it
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
    int rowCount = Native.openBench(part, images, size, size, type);
    List<Row> rows = new ArrayList<>();
    if (rowCount == 0) {
      return new Found(null, rows);
    }
    Native.BenchDevice best = Native.benchDevice();
    Device device =
        new Device(
            best.name().getString(),
            rounded(best.flops() / 1e12, 3),
            best.flopsSource().getString(),
            rounded(best.bytes() / 1e9, 1));
    first.accept(device);
    for (int i = 0; i < rowCount; i++) {
      Row row = row(Native.benchName(i).getString(), Native.runBench(i));
      each.accept(row);
      rows.add(row);
    }
    return new Found(device, rows);
  }

  private static Row row(String operation, Native.BenchResult found) {
    double seconds = found.seconds();
    double cudnnSeconds = found.cudnnSeconds();
    boolean byCudnn = !Double.isNaN(cudnnSeconds);
    return new Row(
        operation,
        rounded(seconds * 1e6, 1),
        rounded(found.flops() / seconds / 1e12, 3),
        rounded(found.bytes() / seconds / 1e9, 1),
        rounded(100 * found.rooflineSeconds() / seconds, 1),
        byCudnn ? rounded(cudnnSeconds * 1e6, 1) : null,
        byCudnn ? rounded(cudnnSeconds / seconds, 2) : null);
  }

  /** As many decimals as the measurement is worth. */
  private static double rounded(double value, int decimals) {
    double unit = Math.pow(10, decimals);
    return Math.rint(value * unit) / unit;
  }
}
