package dev.selvage.tune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Instance;
import dev.selvage.eval.KaggleScore;
import dev.selvage.mask.Rle;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Guide;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.RawPhoto;
import dev.selvage.predict.RawPhotos;
import dev.selvage.predict.RawPhotos.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JudgedPhotoTest {
  private static final int CLASSES = 3;

  /** What is judged here fast is what {@link KaggleScore} counts for the rules' detections. */
  @Test
  void countsAsTheMeasureDoes() {
    SplittableRandom random = new SplittableRandom(7);
    int right = 0;
    int crowded = 0;
    for (int scene = 0; scene < 300; scene++) {
      List<Instance> truths = new ArrayList<>();
      List<Said> said = new ArrayList<>();
      for (int i = random.nextInt(1, 7); i > 0; i--) {
        int[] box = box(random);
        int classId = random.nextInt(1, CLASSES + 1);
        truths.add(new Instance(classId, mask(box), random.nextInt(8) == 0));
        for (int c = random.nextInt(4); c > 0; c--) {
          int shift = random.nextInt(3);
          int other = random.nextInt(4) == 0 ? random.nextInt(1, CLASSES + 1) : classId;
          said.add(
              new Said(
                  other,
                  random.nextDouble(0.05, 1),
                  random.nextBoolean(),
                  box[0],
                  box[1] + shift,
                  box[2],
                  box[3] + shift));
        }
      }
      RawPhoto raw =
          RawPhotos.withProbabilities(
              RawPhotos.of(said.toArray(Said[]::new)),
              random.doubles(said.size(), 0.55, 1).toArray());
      Guide guide = RawPhotos.guide((y, x) -> random.nextInt(256));
      JudgedPhoto photo = new JudgedPhoto(raw, truths, Optional.of(guide));
      for (int r = 0; r < 4; r++) {
        DetectionRules rules = rules(random);
        Judged judged = photo.judge(rules);
        KaggleScore.Photo expected =
            KaggleScore.count(truths, rules.apply(raw, Optional.of(guide)));
        for (int t = 0; t < Judged.THRESHOLDS; t++) {
          assertEquals(expected.right()[t], judged.right(t), "right at " + t);
          assertEquals(expected.wrong()[t], judged.wrong(t), "wrong at " + t);
        }
        right += judged.right(4);
        crowded += judged.right().length - judged.right(0) - judged.wrong(0);
      }
    }
    assertTrue(right > 100 && crowded > 10, right + " right, in crowds " + crowded);
  }

  /** A photo of 1024 pixels is judged at 512. */
  @Test
  void judgesLargePhotosSmaller() {
    RawPhoto raw = RawPhotos.of(new Said(1, 0.9, true, 8, 8, 24, 40)).withLongerSide(1024);
    Rle truth = Rle.fromRegion(filled(512 * 256), 128, 128, 256, 512, 1024, 1024);
    JudgedPhoto photo =
        new JudgedPhoto(
            raw,
            List.of(new Instance(1, truth, false), new Instance(2, truth, true)),
            Optional.empty());
    assertArrayEquals(new int[] {1}, photo.classIds());
    DetectionRules rules =
        new DetectionRules(
            new double[] {0.5, 0.5}, false, 0.3, 1, 10, 0.5, 0, Overlaps.SCORE, 0, false);
    Judged judged = photo.judge(rules);
    KaggleScore.Photo whole =
        KaggleScore.count(
            List.of(new Instance(1, truth, false)), rules.apply(raw, Optional.empty()));
    assertEquals(1, judged.right(8));
    assertEquals(1, whole.right()[8]);
  }

  private static DetectionRules rules(SplittableRandom random) {
    double[] scores = new double[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
      scores[c] = random.nextDouble(0.05, 0.6);
    }
    return new DetectionRules(
        scores,
        random.nextBoolean(),
        random.nextDouble(0.3, 1),
        random.nextDouble(0.5, 1),
        random.nextInt(2, 9),
        0.5,
        random.nextInt(3) * 4000,
        random.nextBoolean() ? Overlaps.SCORE : Overlaps.SMALL,
        random.nextInt(3) * 0.75,
        random.nextBoolean());
  }

  private static int[] box(SplittableRandom random) {
    int top = random.nextInt(40);
    int left = random.nextInt(40);
    return new int[] {top, left, top + random.nextInt(4, 20), left + random.nextInt(4, 20)};
  }

  static Rle mask(int... box) {
    int height = box[2] - box[0];
    int width = box[3] - box[1];
    return Rle.fromRegion(
        filled(height * width), box[0], box[1], height, width, RawPhotos.SIDE, RawPhotos.SIDE);
  }

  private static byte[] filled(int count) {
    byte[] ones = new byte[count];
    java.util.Arrays.fill(ones, (byte) 1);
    return ones;
  }
}
