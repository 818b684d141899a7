package dev.selvage.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterleavedBenchmarkTest {
  private static final long LONGER = 100_000_000; // nanoseconds

  @Test
  void turnsWithoutAndBesideBusyProcessesAlternate() {
    List<Boolean> turns = new ArrayList<>();
    try (BusyProcesses busy = BusyProcesses.start(1, 0)) {
      Runnable body =
          () -> {
            turns.add(busy.spinning());
            long start = System.nanoTime();
            while (busy.spinning() && System.nanoTime() - start < LONGER) {}
          };
      Map<String, Double> found =
          InterleavedBenchmark.run(Map.of(DType.F32, body), 1, 1, 3, busy).get(DType.F32).byName();
      List<Boolean> warmUp = List.of(false, false);
      assertEquals(warmUp, turns.subList(0, 2));
      assertEquals(List.of(false, true, false, true, false, true), turns.subList(2, turns.size()));
      assertFalse(busy.spinning());
      assertTrue(found.get("median_beside_ms") >= LONGER * 1e-6);
      assertTrue(found.get("throughput_beside") < 1, found::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1, 0.666667", "2, 2, 2, 0.5", "1, 2, 1, 1", "1, 2, 3, 0.5", "4, 2, 4, 0.5"})
  void theFairShareIsAnEqualDivisionOfTheCores(int threads, int cores, int busy, double share) {
    assertEquals(share, InterleavedBenchmark.fairShare(threads, cores, busy), 1e-6);
  }
}
