package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.ConfigReader;
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
    assertFalse(schedule.stage(2).flip());
    assertTrue(schedule.stage(7).flip());
  }

  @Test
  void stagesBeginWhereTheOneBeforeEnds() {
    for (int epoch = 1; epoch <= 8; epoch++) {
      assertEquals(List.of(1, 3, 4).contains(epoch), schedule.beginsStage(epoch), "epoch " + epoch);
    }
  }

  @Test
  void theRateWarmsUpOverTheFirstStepsOfTheRun() {
    Schedule.Stage first = schedule.stage(1);
    assertEquals(0.125, schedule.rate(first, 0));
    assertEquals(0.375, schedule.rate(first, 2));
    assertEquals(0.5, schedule.rate(first, 3));
    assertEquals(0.5, schedule.rate(first, 4));
    assertEquals(0.25, schedule.rate(schedule.stage(3), 400));
  }
}
