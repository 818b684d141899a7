package dev.selvage.cli;

import static dev.selvage.cli.RankProcesses.SECONDS_TO_END;
import static dev.selvage.cli.RankProcesses.awaitFile;
import static dev.selvage.cli.RankProcesses.begin;
import static dev.selvage.cli.RankProcesses.losses;
import static dev.selvage.cli.RankProcesses.mpirun;
import static dev.selvage.cli.RankProcesses.ranks;
import static dev.selvage.cli.RankProcesses.requireNamesAHungRank;
import static dev.selvage.cli.TrainingProcess.said;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.train.TinyDataset;
import dev.selvage.util.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training by several processes under {@code mpirun}: any number of them gives the same bits. */
class TrainRanksTest {
  /** More by {@code -Dkills=100}. */
  private static final int KILLS = Integer.getInteger("kills", 10);

  private static final String FIRST = "mask_rcnn_tiny_0001.h5";
  private static final String LAST = "mask_rcnn_tiny_0003.h5";
  private static final List<String> FOUR_BATCHES =
      List.of("GPU_COUNT=2", "ACCUMULATION_STEPS=2", "IMAGES_PER_GPU=1");

  @TempDir static Path shared;

  private static Path data;
  private static Path reference;

  @TempDir Path dir;

  @BeforeAll
  static void trainTheReference() throws Exception {
    RankProcesses.requireMpi();
    data = TinyDataset.write(shared.resolve("tiny"), 9);
    reference = shared.resolve("reference");
    assertEquals(0, start(reference, 1).waitFor(), () -> said(reference));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void ranksGiveTheBitsOfOneProcessThatAccumulates(int ranks) throws Exception {
    Path run = dir.resolve("run");
    assertEquals(0, start(run, ranks).waitFor(), () -> said(run));
    assertSame(reference, run);
    assertEquals(losses(reference), losses(run));
    // one photo is broken: the rank that has it names it, and all pass it over
    assertTrue(said(run).contains("photo3.jpg: cannot be decoded"), () -> said(run));
  }

  @Test
  void alsoWithShortTypesAveragesAndTheMaskApOfRankZero() throws Exception {
    Needs.bf16("training on several ranks");
    String[] settings = {"PRECISION=bf16", "EMA_DECAY=0.9", "EVAL_EVERY=1", "AUGMENTATION=none"};
    Path one = dir.resolve("one");
    Path two = dir.resolve("two");
    assertEquals(0, start(one, 1, settings).waitFor(), () -> said(one));
    assertEquals(0, start(two, 2, settings).waitFor(), () -> said(two));
    assertSame(one, two);
    assertEquals(losses(one), losses(two));
  }

  /**
   * Kills a rank, or the launcher, again and again: in the start, in an epoch, while its files are
   * written. Each time the run goes on with another number of ranks.
   */
  @Test
  void killedAtAnyMomentItGoesOnWithAnyNumberOfRanks() throws Exception {
    String[] longer = {"EPOCHS=1,40"};
    String last = "mask_rcnn_tiny_0040.h5";
    Path unharmed = dir.resolve("unharmed");
    assertEquals(0, start(unharmed, 1, longer).waitFor(), () -> said(unharmed));

    Random random = new Random(1);
    Path run = dir.resolve("run");
    for (int kill = 0; kill < KILLS; kill++) {
      long begun = begun(run);
      long epochs = epochs(run);
      Process launcher = start(run, random.nextInt(6) == 0 ? 4 : 2, longer);
      int moment = random.nextInt(3);
      while (moment == 1 && begun(run) == begun || moment == 2 && epochs(run) == epochs) {
        assertFalse(launcher.waitFor(10, TimeUnit.MILLISECONDS), () -> said(run));
      }
      boolean ended = launcher.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS);
      assertFalse(ended, () -> said(run));
      kill(launcher, random, run);
    }
    int[] numbers = {1, 2, 4};
    int ranks = numbers[random.nextInt(numbers.length)];
    assertEquals(0, start(run, ranks, longer).waitFor(), () -> said(run));
    assertSame(unharmed, run, last);
  }

  /** How often the run was begun or continued. */
  private static long begun(Path run) {
    return said(run)
        .lines()
        .filter(line -> line.matches(".*(new run on|continued after) .*"))
        .count();
  }

  private static long epochs(Path run) throws IOException {
    Path table = run.resolve("log.csv");
    return Files.exists(table) ? Files.readString(table).lines().count() : 0;
  }

  /** All others must end. */
  private static void kill(Process launcher, Random random, Path run) throws Exception {
    List<ProcessHandle> all = ranks(launcher);
    boolean whole = all.isEmpty() || random.nextInt(4) == 0;
    ProcessHandle victim = whole ? launcher.toHandle() : all.get(random.nextInt(all.size()));
    victim.destroyForcibly();
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    for (ProcessHandle rank : all) {
      rank.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
    }
  }

  /** What they print goes through the launcher; rank 0 leaves it in a file of the run. */
  @Test
  void theRanksOfALauncherThatIsKilledEnd() throws Exception {
    Path run = dir.resolve("run");
    Process launcher = start(run, 2, "STEPS_PER_EPOCH=1000000");
    awaitFile(run.resolve("split.html"), launcher);
    List<ProcessHandle> ranks = ranks(launcher);
    assertEquals(2, ranks.size());
    launcher.destroyForcibly().waitFor();
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
    }
    String words = Files.readString(run.resolve("last_words.txt"));
    assertTrue(words.startsWith("the launcher of the ranks has ended without a word;"), words);
  }

  @Test
  void aRankThatIsKilledIsNamed() throws Exception {
    Path run = dir.resolve("run");
    Process launcher = start(run, 2, "STEPS_PER_EPOCH=1000000");
    awaitFile(run.resolve("config.json"), launcher);
    ProcessHandle victim = ranks(launcher).get(1);
    victim.destroyForcibly();
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertTrue(
        said(run)
            .matches(
                "(?s).*rank [01] \\(process %d on .* has ended without a word.*"
                    .formatted(victim.pid())),
        () -> said(run));
  }

  /** Launchers tell the ranks one after the other. */
  @Test
  void aSignalToOneRankStopsAllAfterTheSameStep() throws Exception {
    Path run = dir.resolve("run");
    Process launcher = start(run, 2, "STEPS_PER_EPOCH=1000000");
    awaitFile(run.resolve("split.html"), launcher);
    ranks(launcher).get(1).destroy();
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertEquals(0, launcher.exitValue(), () -> said(run));
    assertTrue(said(run).contains("the same command continues the run"), () -> said(run));
    assertTrue(Files.exists(run.resolve("state_midway.safetensors")));
  }

  @Test
  void aRankThatHangsIsNamed() throws Exception {
    Path run = dir.resolve("run");
    Process launcher =
        start(
            run,
            List.of("--rank-timeout", "5"),
            2,
            "EPOCHS=1",
            "LRS=0.01",
            "LAYERS=heads",
            "FLIPS=false",
            "STEPS_PER_EPOCH=1000000");
    awaitFile(run.resolve("config.json"), launcher);
    requireNamesAHungRank(launcher, run);
  }

  @Test
  void ranksOfOtherSettingsAreRefused() throws Exception {
    Path run = dir.resolve("run");
    List<String> line = new ArrayList<>(mpirun(1));
    line.addAll(train(run, List.of(), "LRS=0.5,0.5"));
    line.addAll(List.of(":", "-np", "1"));
    line.addAll(train(run, List.of(), "LRS=0.25,0.5"));
    Process launcher = begin(run, line);
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertEquals(2, launcher.exitValue(), () -> said(run));
    assertTrue(said(run).contains("rank 1: expected the same settings as rank 0"), () -> said(run));
    assertFalse(Files.exists(run));
  }

  /**
   * The error of one rank is the sentence of all; the launcher's exit code is that of bad input.
   */
  @Test
  void whatOneRankRefusesEndsAll() throws Exception {
    Path run = dir.resolve("run");
    Files.createDirectories(run);
    Files.writeString(run.resolve("config.json"), "no settings");
    Process launcher = start(run, 2);
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertEquals(2, launcher.exitValue(), () -> said(run));
    assertTrue(
        said(run)
            .matches(
                "(?s).*selvage: rank 0 \\(process \\d+ on .*\\) has ended the training: .*config.json.*"),
        () -> said(run));
    assertFalse(said(run).contains("Exception"), () -> said(run));
  }

  @Test
  void aNumberOfRanksThatCannotShareTheBatchesIsRefused() throws Exception {
    Path run = dir.resolve("run");
    Process launcher = start(run, 3);
    assertTrue(launcher.waitFor(SECONDS_TO_END, TimeUnit.SECONDS), () -> said(run));
    assertNotEquals(0, launcher.exitValue());
    assertTrue(
        said(run).contains("expected 1 or 2 or 4 ranks for the 4 batches of a step"),
        () -> said(run));
    assertFalse(Files.exists(run));
  }

  private static Process start(Path run, int ranks, String... settings) throws IOException {
    return start(run, List.of(), ranks, settings);
  }

  private static Process start(Path run, List<String> options, int ranks, String... settings)
      throws IOException {
    List<String> line = new ArrayList<>(ranks == 1 ? List.of() : mpirun(ranks));
    line.addAll(train(run, options, settings));
    return begin(run, line);
  }

  private static List<String> train(Path run, List<String> options, String... settings) {
    List<String> all = new ArrayList<>(TinyDataset.SETTINGS);
    all.addAll(FOUR_BATCHES);
    all.addAll(List.of(settings));
    List<String> line = TrainingProcess.command(data, run, List.of(), all);
    line.addAll(options);
    return line;
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    assertSame(expected, found, LAST);
  }

  private static void assertSame(Path expected, Path found, String weights) throws IOException {
    assertTrue(Files.exists(found.resolve(weights)), () -> said(found));
    assertEquals(
        -1, Files.mismatch(expected.resolve(weights), found.resolve(weights)), () -> said(found));
  }
}
