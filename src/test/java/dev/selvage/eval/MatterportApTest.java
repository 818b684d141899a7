package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatterportApTest {
  private static final Rle A =
      Rle.fromBitmask(new byte[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, 4, 3);
  private static final Rle B =
      Rle.fromBitmask(new byte[] {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0}, 4, 3);

  /** Three of the four pixels of A. */
  private static final Rle NEARLY_A =
      Rle.fromBitmask(new byte[] {1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 4, 3);

  /** Right, wrong, right: precision 1 up to recall 1/2, then 2/3. */
  @Test
  void areaUnderTheEnvelope() {
    List<Instance> truths = List.of(new Instance(1, A, false), new Instance(2, B, false));
    List<Detection> found =
        List.of(detection(2, 0.5, B), detection(1, 0.9, NEARLY_A), detection(1, 0.7, A));
    assertEquals(0.5 * 1 + 0.5 * 2 / 3, MatterportAp.of(truths, found), 1e-12);
  }

  @Test
  void theClassMustFitAndATruthIsTakenOnce() {
    List<Instance> truths = List.of(new Instance(1, A, false));
    assertEquals(0, MatterportAp.of(truths, List.of(detection(2, 0.9, A))));
    assertEquals(
        1, MatterportAp.of(truths, List.of(detection(1, 0.9, A), detection(1, 0.8, A))), 1e-12);
    assertEquals(
        0.5, MatterportAp.of(truths, List.of(detection(2, 0.9, A), detection(1, 0.8, A))), 1e-12);
  }

  @Test
  void averagesOverPhotosWithTruths() {
    MatterportAp mean = new MatterportAp();
    assertTrue(Double.isNaN(mean.mean()));
    mean.add(List.of(), List.of(detection(1, 0.9, A)));
    mean.add(List.of(new Instance(1, B, true)), List.of());
    mean.add(List.of(new Instance(1, A, false)), List.of(detection(1, 0.9, A)));
    mean.add(List.of(new Instance(1, A, false)), List.of());
    assertEquals(0.5, mean.mean(), 1e-12);
    assertEquals(2, mean.photos());
  }

  private static Detection detection(int classId, double score, Rle mask) {
    return new Detection(classId, score, Box.of(mask), mask);
  }
}
