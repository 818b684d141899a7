package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.nn.ParameterSpec.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterSpecTest {
  @Test
  void fanInCountsWhatOneOutputSumsOver() {
    assertEquals(3 * 3 * 64, spec(Kind.CONV, "kernel", 3, 3, 64, 128).fanIn());
    assertEquals(256, spec(Kind.DECONV, "kernel", 2, 2, 128, 256).fanIn());
    assertEquals(1024, spec(Kind.DENSE, "kernel", 1024, 81).fanIn());
    assertEquals(1, spec(Kind.BATCH_NORM, "gamma", 64).fanIn());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "kernel, true, false",
    "bias, true, false",
    "gamma, false, false",
    "beta, false, false",
    "moving_mean, false, true",
    "moving_variance, false, true"
  })
  void onlyKernelsAndBiasesDecayAndStatisticsAreNotLearned(
      String part, boolean decays, boolean statistic) {
    ParameterSpec spec = spec(Kind.CONV, part, 1, 1, 2, 3);
    assertEquals(decays, spec.decays());
    assertEquals(statistic, spec.isStatistic());
    assertEquals("layer/" + part, spec.name());
    assertEquals(6, spec.size());
  }

  private static ParameterSpec spec(Kind kind, String part, long... shape) {
    return new ParameterSpec("group", "layer", kind, part, shape);
  }
}
