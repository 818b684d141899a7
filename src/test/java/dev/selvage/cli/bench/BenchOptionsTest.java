package dev.selvage.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.config.Config;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
  private static final Options OPTIONS = new StepBenchCommand().options().all();

  @Test
  void setWinsOverTheBenchmarksOwnSettings() throws ParseException {
    String[] own = {"TRAIN_ROIS_PER_IMAGE=200", "POST_NMS_ROIS_TRAINING=400"};
    Config config =
        BenchOptions.config(line("--backbone", "resnet18", "--set", "TRAIN_ROIS_PER_IMAGE=7"), own);
    assertEquals(7, config.TRAIN_ROIS_PER_IMAGE);
    assertEquals(400, config.POST_NMS_ROIS_TRAINING);
    assertEquals("resnet18", config.BACKBONE);
    config = BenchOptions.config(line("--set", "BACKBONE=resnet34"), own);
    assertEquals(200, config.TRAIN_ROIS_PER_IMAGE);
    assertEquals("resnet34", config.BACKBONE);
  }

  private static CommandLine line(String... words) throws ParseException {
    return new DefaultParser().parse(OPTIONS, words);
  }
}
