package dev.selvage.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a benchmark.
 *
 * @param medianMs of one step or detection
 * @param imagesPerSecond at that time
 * @param executedGflop operations computed, of matrix products and convolutions only
 * @param denseGflop operations that the reference would compute for the same settings
 * @param peakGflops the rate of matrix products, the mean of one measured before and one after
 * @param peakRssMiB peak memory of the process
 * @param more values by name: those beside busy processes, and the milliseconds of {@link
 *     StageTimer}
 */
public record Measurement(
    double medianMs,
    double imagesPerSecond,
    double executedGflop,
    double denseGflop,
    double peakGflops,
    double peakRssMiB,
    Map<String, Double> more) {
  Measurement with(Map<String, Double> added) {
    Map<String, Double> all = new LinkedHashMap<>(more);
    all.putAll(added);
    return new Measurement(
        medianMs, imagesPerSecond, executedGflop, denseGflop, peakGflops, peakRssMiB, all);
  }

  double executedGflops() {
    return executedGflop / (medianMs / 1000);
  }

  /** The values by name, for printing and for JSON. */
  public Map<String, Double> byName() {
    Map<String, Double> names = new LinkedHashMap<>();
    names.put("median_ms", medianMs);
    names.put("images_per_second", imagesPerSecond);
    names.put("executed_gflop", executedGflop);
    names.put("dense_gflop", denseGflop);
    names.put("executed_share_of_dense", executedGflop / denseGflop);
    names.put("executed_gflop_per_second", executedGflops());
    names.put("matmul_peak_gflop_per_second", peakGflops);
    names.put("share_of_peak", executedGflops() / peakGflops);
    names.put("peak_rss_mib", peakRssMiB);
    names.putAll(more);
    return names;
  }
}
