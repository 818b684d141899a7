package dev.selvage.studio.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun;
import dev.selvage.studio.data.OpenedDataset;
import dev.selvage.studio.data.RunSplits;
import dev.selvage.studio.results.ResultsJobs.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsJobsTest {
  private static final ModelKey MODEL = new ModelKey("tiny20260101T0000", "1", "valid");

  @TempDir private Path folder;

  /** What waits for the thread of the models. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private TinyRun tiny;
  private ResultsJobs jobs;

  @BeforeEach
  void open() throws Exception {
    tiny = new TinyRun(folder);
    OpenedDataset opened = new OpenedDataset(tiny.data, null);
    opened.await();
    StudioModels models = new StudioModels(new RunSplits(tiny.run.getParent()), Optional.empty());
    jobs = new ResultsJobs(opened, models, config -> config, tasks::add);
  }

  @Test
  void aJobThatIsEndedBeforeItBeginsNeverRuns() {
    jobs.start(MODEL);
    jobs.start(MODEL);
    assertEquals(1, tasks.size());
    assertEquals(Stage.WAITING, jobs.job(MODEL).stage());
    jobs.cancel();
    tasks.remove().run();
    assertNull(jobs.job(MODEL));
    assertFalse(Files.exists(tiny.run.resolve("mask_rcnn_tiny_0001.valid.raw")));
    jobs.start(MODEL);
    tasks.remove().run();
    assertEquals(Stage.READY, jobs.job(MODEL).stage());
    assertEquals(2, jobs.result(MODEL).photos().size());
    assertTrue(jobs.isKept(MODEL));
  }

  @Test
  void aJobThatFailsSaysWhyAndCanBeginAgain() throws Exception {
    Path weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    byte[] whole = Files.readAllBytes(weights);
    jobs.start(MODEL);
    Files.write(weights, new byte[100]);
    tasks.remove().run();
    assertEquals(Stage.FAILED, jobs.job(MODEL).stage());
    assertTrue(jobs.job(MODEL).error().startsWith(weights + ": "), jobs.job(MODEL).error());
    Files.write(weights, whole);
    jobs.start(MODEL);
    tasks.remove().run();
    assertEquals(Stage.READY, jobs.job(MODEL).stage());
  }
}
