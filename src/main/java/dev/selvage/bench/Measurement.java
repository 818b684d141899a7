package dev.selvage.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param medianMs of one step or detection
 * @param imagesPerSecond at that time
 * @param executedGflop what was computed, matrix work only
 * @param denseGflop what the reference would compute for the same configuration
 * @param peakGflops the machine's matrix product rate, measured before and after in the same run
 *     (the mean)
 * @param peakRssMiB the most memory that the process held
 * @param stages milliseconds by {@link StageTimer}; empty where there are none
 */
public record Measurement(
    double medianMs,
    double imagesPerSecond,
    double executedGflop,
    double denseGflop,
    double peakGflops,
    double peakRssMiB,
    Map<String, Double> stages) {
  Measurement with(Map<String, Double> timed) {
    return new Measurement(
        medianMs, imagesPerSecond, executedGflop, denseGflop, peakGflops, peakRssMiB, timed);
  }

  double executedGflops() {
    return executedGflop / (medianMs / 1000);
  }

  /** By name, for printing and for JSON. */
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
    names.putAll(stages);
    return names;
  }
}
