package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.util.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final Schedule schedule =
      new Schedule(
          ConfigReader.read(
              null,
              null,
              List.of(
                  "EPOCHS=2,3,7",
                  "LRS=0.5,0.25,0.125",
                  "MOMS=0.5",
                  "LAYERS=heads,4+,all",
                  "FLIPS=false,true,true",
                  "WARMUP_STEPS=4")));

  @Test
  void epochsAreCumulative() {
    assertEquals(7, schedule.epochs());
    assertEquals("heads", schedule.stage(1).layers());
    assertEquals("heads", schedule.stage(2).layers());
    assertEquals("4+", schedule.stage(3).layers());
    assertEquals("all", schedule.stage(4).layers());
    assertEquals("all", schedule.stage(7).layers());
  }

  @Test
  void aSingleValueServesEveryStage() {
    for (int epoch = 1; epoch <= 7; epoch++) {
      assertEquals(0.5, schedule.stage(epoch).momentum());
    }
    assertEquals(Augmentation.NONE, schedule.stage(2).augmentation());
    assertEquals(Augmentation.FLIP, schedule.stage(7).augmentation());
  }

  @Test
  void flipsCountWhereNoAugmentationIsNamed() {
    Schedule mixed =
        new Schedule(
            ConfigReader.read(
                null,
                null,
                List.of(
                    "EPOCHS=1,2,3,4",
                    "FLIPS=false,true,false,true",
                    "AUGMENTATION=none,none,flip,strong")));
    assertEquals(Augmentation.NONE, mixed.stage(1).augmentation());
    assertEquals(Augmentation.FLIP, mixed.stage(2).augmentation());
    assertEquals(Augmentation.FLIP, mixed.stage(3).augmentation());
    assertEquals(Augmentation.STRONG, mixed.stage(4).augmentation());
  }

  @Test
  void everyNameThatSettingsAllowIsAnAugmentation() {
    for (Augmentation augmentation : Augmentation.values()) {
      Config config = ConfigReader.read(null, null, List.of("AUGMENTATION=" + augmentation.word()));
      assertEquals(augmentation, new Schedule(config).stage(1).augmentation());
    }
    String message =
        assertThrows(
                UserError.class, () -> ConfigReader.read(null, null, List.of("AUGMENTATION=mild")))
            .getMessage();
    assertEquals(
        "--set: AUGMENTATION must be one of none, flip, standard, strong, found mild; the nearest"
            + " is none",
        message);
  }

  @Test
  void stagesBeginWhereTheOneBeforeEnds() {
    for (int epoch = 1; epoch <= 8; epoch++) {
      assertEquals(List.of(1, 3, 4).contains(epoch), schedule.beginsStage(epoch), "epoch " + epoch);
    }
  }

  @Test
  void theRateWarmsUpOverTheFirstStepsOfTheRun() {
    assertEquals(0.125, schedule.rate(1, 0, 0));
    assertEquals(0.375, schedule.rate(1, 2, 2));
    assertEquals(0.5, schedule.rate(1, 3, 3));
    assertEquals(0.5, schedule.rate(1, 4, 4));
    assertEquals(0.25, schedule.rate(3, 0, 400));
  }

  @Test
  void theRateFallsAlongHalfACosineWithinTheStage() {
    Schedule decaying = decaying("none,cosine");
    assertEquals(1, decaying.rate(2, 9, 19));
    assertEquals(1, decaying.rate(3, 0, 20));
    assertEquals(0.5 * (1 + Math.sqrt(0.5)), decaying.rate(4, 0, 30), 1e-12);
    assertEquals(0.5, decaying.rate(5, 0, 40), 1e-12);
    assertEquals(0.5, decaying.rate(5, 0, 4000), 1e-12); // what is done of the epoch counts
    assertEquals(0.5 * (1 - Math.cos(Math.PI / 40)), decaying.rate(6, 9, 59), 1e-12);
    assertEquals(0, decaying.rate(7, 0, 60), 1e-12);
  }

  @Test
  void theRateFallsAlongHalfACosineWithinTheRun() {
    Schedule decaying = decaying("run_cosine");
    assertEquals(1, decaying.rate(1, 0, 0));
    assertEquals(0.75, decaying.rate(3, 0, 20), 1e-12);
    assertEquals(0.5, decaying.rate(4, 0, 30), 1e-12);
    assertEquals(0.25, decaying.rate(5, 0, 40), 1e-12);
  }

  @Test
  void aRunIsOverAfterItsEpochsOrWhenItGetsNoBetter() {
    Schedule patient =
        new Schedule(
            ConfigReader.read(
                null, null, List.of("EPOCHS=9", "EVAL_EVERY=2", "EARLY_STOP_EPOCHS=3")));
    TrainingState at = new TrainingState();
    at.epochs = 8;
    assertFalse(patient.isOver(at), "nothing was measured yet");
    at.epochs = 9;
    assertTrue(patient.isOver(at));
    at.bestEpoch = 2;
    at.epochs = 5;
    assertFalse(patient.isOver(at), "the fifth epoch was not measured");
    at.epochs = 6;
    assertTrue(patient.isOver(at));
    at.bestEpoch = 4;
    assertFalse(patient.isOver(at));
  }

  @Test
  void theBestIsTheFirstOfEquals() {
    TrainingState at = new TrainingState();
    at.measured(Double.NaN);
    assertEquals(0, at.bestEpoch);
    at.measured(0);
    assertEquals(1, at.bestEpoch);
    at.endEpoch();
    at.measured(0);
    assertEquals(1, at.bestEpoch);
    at.measured(0.5);
    TrainingState again = TrainingState.restore(at.save());
    assertEquals(2, again.bestEpoch);
    assertEquals(0.5, again.bestAp);
  }

  private static Schedule decaying(String decay) {
    return new Schedule(
        ConfigReader.read(
            null, null, List.of("EPOCHS=2,6", "LRS=1", "STEPS_PER_EPOCH=10", "LR_DECAY=" + decay)));
  }
}
