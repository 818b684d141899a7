package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientBucketTest {
  private static final int VALUES = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 13})
  void passesAreAddedAsATreeOfNeighbours(int passes) {
    SplittableRandom random = new SplittableRandom(passes);
    float[][] gradients = new float[passes][VALUES];
    for (float[] pass : gradients) {
      for (int i = 0; i < VALUES; i++) {
        pass[i] = (float) random.nextDouble(-1, 1) * (1 << random.nextInt(12));
      }
    }
    assertArrayEquals(tree(gradients, 0, passes), summed(gradients, 0, passes), 0f);
  }

  /**
   * What lets ranks share the passes: two halves, each summed alone, are the whole sum's branches.
   */
  @Test
  void aShareIsABranchOfTheTree() {
    float[][] gradients = {
      {1e8f, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {-1e8f, 1, 1, 1, 1}, {1, 1, 1, 1, 1}
    };
    float[] low = summed(gradients, 0, 2);
    float[] high = summed(gradients, 2, 4);
    assertEquals(low[0] + high[0], summed(gradients, 0, 4)[0]);
  }

  @Test
  void aPassWithoutAGradientAddsNothing() {
    Scope.run(
        () -> {
          try (Parameters parameters = parameters()) {
            GradientBucket bucket = GradientBucket.of(parameters).get(0);
            write(parameters, new float[] {1, 2, 3, 4, 5});
            bucket.add(0, 2);
            parameters.clearGradients();
            bucket.add(1, 2);
            assertArrayEquals(
                new float[] {1, 2, 3, 4, 5}, parameters.get("a/kernel").gradient().download());
          }
        });
  }

  /** A bucket that was on its way to other ranks would not have it. */
  @Test
  void aGradientThatComesAfterTheSumIsRefused() {
    Scope.run(
        () -> {
          try (Parameters parameters = parameters()) {
            GradientBucket bucket = GradientBucket.of(parameters).get(0);
            assertFalse(bucket.isWhole());
            write(parameters, new float[VALUES]);
            assertTrue(bucket.isWhole());
            bucket.add(0, 1);
            assertThrows(IllegalStateException.class, () -> write(parameters, new float[VALUES]));
            parameters.clearGradients();
            write(parameters, new float[VALUES]);
          }
        });
  }

  /** The order that the tree of {@code selvage.h} has over the ranks. */
  private static float[] tree(float[][] all, int begin, int end) {
    float[][] sums = new float[end - begin][];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = all[begin + i].clone();
    }
    for (int distance = 1; distance < sums.length; distance *= 2) {
      for (int i = 0; i + distance < sums.length; i += 2 * distance) {
        for (int k = 0; k < VALUES; k++) {
          sums[i][k] += sums[i + distance][k];
        }
      }
    }
    return sums[0];
  }

  private static float[] summed(float[][] all, int begin, int end) {
    return Scope.call(
        () -> {
          try (Parameters parameters = parameters()) {
            List<GradientBucket> buckets = GradientBucket.of(parameters);
            for (int pass = begin; pass < end; pass++) {
              parameters.clearGradients();
              write(parameters, all[pass]);
              for (GradientBucket bucket : buckets) {
                bucket.add(pass - begin, end - begin);
              }
            }
            return parameters.get("a/kernel").gradient().download();
          }
        });
  }

  private static Parameters parameters() {
    Parameters parameters =
        new Parameters(
            List.of(
                new ParameterSpec("a", "a", Kind.DENSE, "kernel", new long[] {VALUES, 1}),
                new ParameterSpec("b", "b", Kind.DENSE, "bias", new long[] {2})));
    parameters.setTrainable("a");
    return parameters;
  }

  private static void write(Parameters parameters, float[] values) {
    Tensor gradient = parameters.get("a/kernel").beginGradient();
    gradient.upload(values);
    parameters.get("a/kernel").endGradient(gradient);
  }
}
