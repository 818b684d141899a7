package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.split.Split;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.listener.RunListeners;
import dev.selvage.util.DiskFaults;
import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is interrupted, damaged or continued in whatever way ends as one that was not. */
class TrainingRunTest {
  private static final long SEED = 5;
  private static final int EPOCHS = 3;
  private static final BooleanSupplier NEVER = () -> false;

  @TempDir static Path shared;

  private static KaggleDataset dataset;

  /** A run that was never interrupted. */
  private static RunFolder reference;

  @TempDir Path dir;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private PrintStream log;

  @BeforeAll
  static void trainTheReference() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(shared.resolve("tiny"), 9));
    long live = Tensor.live();
    try (TrainingRun run =
        begin(shared.resolve("reference"), new PrintStream(new ByteArrayOutputStream()))) {
      run.train(1, RunListeners.quiet(run), NEVER);
      assertTrue(run.isComplete());
      reference = run.folder();
    }
    assertEquals(live, Tensor.live(), "native tensors that were not freed");
  }

  @BeforeEach
  void listen() {
    log = new PrintStream(said, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void loaderThreadsChangeNothing(int loaders) throws IOException {
    try (TrainingRun run = begin(dir.resolve("run"), log)) {
      run.train(loaders, RunListeners.of(run, log), NEVER);
    }
    assertSameAsReference(dir.resolve("run"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void stoppingAnywhereChangesNothing(long seed) throws IOException {
    Random random = new Random(seed);
    begin(dir.resolve("run"), log).close();
    boolean complete = false;
    int threads = Native.threads();
    for (int i = 0; i < 50 && !complete; i++) {
      Native.setThreads(1 + (i + 1) % 3); // other numbers of threads continue to the same bits
      int[] questions = {random.nextInt(6)};
      try (TrainingRun run = resume(dir.resolve("run"), TinyDataset.config())) {
        run.train(1 + i % 3, RunListeners.of(run, log), () -> questions[0]-- == 0);
        complete = run.isComplete();
      }
    }
    Native.setThreads(threads);
    assertTrue(complete);
    assertSameAsReference(dir.resolve("run"));
    assertFalse(Files.exists(dir.resolve("run/state_midway.safetensors")));
  }

  @Test
  void aSecondTrainingInTheSameFolderIsRefused() throws IOException {
    Path folder = dir.resolve("run");
    try (TrainingRun first = begin(folder, log)) {
      UserError error =
          assertThrows(UserError.class, () -> resume(folder, TinyDataset.config()).close());
      assertEquals(
          folder + ": expected no other process that trains in this folder, found one",
          error.getMessage());
      assertFalse(first.isComplete());

      // a new run that was about to begin there has changed nothing either
      RunFolder run = first.folder();
      List<Path> files = List.of(run.config(), RunSplit.file(folder), run.midEpoch());
      List<String> before = new ArrayList<>();
      for (Path file : files) {
        before.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      Config other = TinyDataset.config("FOLD=1", "LRS=1");
      assertThrows(
          UserError.class,
          () -> NewRun.begin(folder, other, dataset, new RunStart(7, "train"), log::println));
      for (Path file : files) {
        assertEquals(
            before.remove(0), Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
      }
    }
    resume(folder, TinyDataset.config()).close();
    UserError found = assertThrows(UserError.class, () -> begin(folder, log));
    assertEquals(folder + ": expected a folder without a run, found one", found.getMessage());
  }

  @Test
  void epochsWhoseSettingsAreMissingAreNotReplaced() throws IOException {
    RunFolder run = copyOfReference();
    Files.delete(run.config());
    UserError error = assertThrows(UserError.class, () -> begin(run.dir(), log));
    assertEquals(
        run.dir()
            + ": expected a folder without a run, found the epochs of one, whose config.json is"
            + " missing",
        error.getMessage());
    assertTrue(Files.exists(run.state(EPOCHS)));
  }

  @Test
  void aRunThatCannotBeginLeavesNothing() {
    Path folder = dir.resolve("run");
    boolean failed = true;
    for (int n = 1; failed; n++) {
      try (DiskFaults faults = DiskFaults.at(n, DiskFaults.Kind.ONCE)) {
        begin(folder, log).close();
        failed = faults.happened();
        assertFalse(failed, faults.operation());
      } catch (UserError e) {
        assertTrue(e.getMessage().contains("cannot be written"), e.getMessage());
        assertFalse(Files.exists(folder), e.getMessage());
      }
    }
    assertTrue(Files.exists(folder));
  }

  @Test
  void killedBeforeTheFirstEpochEnds() throws IOException {
    begin(dir.resolve("run"), log).close();
    finish(dir.resolve("run"));
    assertSameAsReference(dir.resolve("run"));
  }

  @Test
  void killedBetweenTheFilesOfAnEpoch() throws IOException {
    RunFolder run = copyOfReference();
    Files.delete(run.state(EPOCHS)); // weights and logs were written, the state was not
    Files.writeString(dir.resolve("run/state_0003.safetensors.part"), "half");
    finish(run.dir());
    assertTrue(said.toString().contains("state_0003.safetensors.part: half-written, skipped"));
    assertTrue(said.toString().contains("continued after epoch 2, step 0"));
    assertSameAsReference(run.dir());
  }

  @Test
  void damagedFilesAreReportedAndSkipped() throws IOException {
    RunFolder run = copyOfReference();
    byte[] state = Files.readAllBytes(run.state(EPOCHS));
    state[state.length - 1] ^= 1; // of a momentum
    Files.write(run.state(EPOCHS), state);
    cutInHalf(run.checkpoint(2));
    finish(run.dir());
    assertTrue(
        said.toString().contains(run.state(EPOCHS) + ": expected the checksum"), said.toString());
    assertTrue(said.toString().contains("mask_rcnn_tiny_0002.h5"), said.toString());
    assertTrue(said.toString().contains("continued after epoch 1, step 0"), said.toString());
    assertSameAsReference(run.dir());
  }

  @Test
  void aStateThatOutlivedItsEpochIsNotGoneBackTo() throws IOException {
    RunFolder run = copyOfReference();
    begin(dir.resolve("other"), log).close();
    Files.copy(dir.resolve("other/state_midway.safetensors"), run.midEpoch());
    Files.delete(run.state(EPOCHS));
    finish(run.dir());
    assertTrue(said.toString().contains("continued after epoch 2, step 0"), said.toString());
    assertSameAsReference(run.dir());
  }

  @Test
  void nothingLeftToContinueFrom() throws IOException {
    RunFolder run = copyOfReference();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      cutInHalf(run.state(epoch));
    }
    UserError error = assertThrows(UserError.class, () -> resume(run.dir(), TinyDataset.config()));
    assertTrue(error.getMessage().contains("found none that is intact"), error.getMessage());
  }

  @Test
  void aFinishedRunGoesOnWithMoreEpochs() throws IOException {
    RunFolder run = copyOfReference();
    try (TrainingRun more = resume(run.dir(), TinyDataset.config("EPOCHS=1,4"))) {
      assertFalse(more.isComplete());
      more.train(2, RunListeners.of(more, log), NEVER);
    }
    assertTrue(said.toString().contains("EPOCHS: was [1,3], is now [1,4]"), said.toString());
    assertTrue(Files.exists(run.state(EPOCHS + 1)));
    assertEquals(1 + EPOCHS + 1, Files.readAllLines(run.log()).size());
  }

  @Test
  void theSplitIsReadBack() throws IOException {
    RunFolder run = copyOfReference();
    Path file = RunSplit.file(run.dir());
    String reference = Files.readString(file);
    assertEquals(3, reference.lines().filter(line -> line.endsWith(",valid")).count());
    String other = reference.replace(",valid", ",x").replaceFirst(",train", ",valid");
    other = other.replaceFirst(",x", ",train").replace(",x", ",valid");
    Files.writeString(file, other); // what is written down counts, not what would be dealt
    resume(run.dir(), TinyDataset.config()).close();
    assertEquals(other, Files.readString(file));
    Files.delete(file);
    resume(run.dir(), TinyDataset.config()).close();
    assertEquals(reference, Files.readString(file));
    Files.writeString(file, "half");
    UserError error = assertThrows(UserError.class, () -> resume(run.dir(), TinyDataset.config()));
    assertTrue(error.getMessage().startsWith(file + " line 1: expected"), error.getMessage());
  }

  @Test
  void aRunFromBeforeStratifiedSplitsKeepsItsOwn() throws IOException {
    RunFolder run = copyOfReference();
    Files.delete(RunSplit.file(run.dir()));
    String config = Files.readString(run.config());
    Files.writeString(run.config(), config.replaceAll(",\\s*\"FOLD\" : 0", ""));
    assertFalse(Files.readString(run.config()).contains("FOLD"));
    for (int i = 0; i < 2; i++) { // the first continuation adds the setting
      resume(run.dir(), TinyDataset.config()).close();
      Split split = RunSplit.of(run.dir(), dataset, TinyDataset.config(), SEED);
      Split before = Split.random(dataset.size(), 0.3f, SEED);
      assertEquals(Arrays.toString(before.valid()), Arrays.toString(split.valid()));
    }
  }

  /** Older versions knew photos by the names that the dataset states. */
  @Test
  void aRunThatStatesNamesInALongerFormGoesOn() throws IOException {
    RunFolder run = copyOfReference();
    Path split = RunSplit.file(run.dir());
    String rows = Files.readString(split);
    Files.writeString(split, rows.replace("photo", "./photo"));
    String longer = RunInfo.fingerprint(dataset, i -> "./" + dataset.fileName(i));
    String config = Files.readString(run.config());
    Files.writeString(run.config(), config.replace(RunInfo.fingerprint(dataset), longer));
    for (int times = 0; times < 2; times++) {
      resume(run.dir(), TinyDataset.config()).close();
      assertEquals(rows, Files.readString(split));
      assertEquals(RunInfo.fingerprint(dataset), RunInfo.read(run.config()).fingerprint());
    }
    Files.writeString(split, rows.replace("photo", "./photo"));
    Files.writeString(run.config(), config.replace(RunInfo.fingerprint(dataset), "0"));
    assertThrows(UserError.class, () -> resume(run.dir(), TinyDataset.config()).close());
  }

  @Test
  void whatARunCannotChangeIsRefused() throws IOException {
    RunFolder run = copyOfReference();
    assertRefused(
        run, "TOP_DOWN_PYRAMID_SIZE: expected 16 as at the start of", "TOP_DOWN_PYRAMID_SIZE=32");
    assertRefused(run, "VALIDATION_FRACTION: expected 0.3", "VALIDATION_FRACTION=0.5");
    assertRefused(run, "FOLD: expected 0 as at the start of", "FOLD=1");
    UserError seed =
        assertThrows(
            UserError.class,
            () ->
                ResumedRun.open(
                    run, TinyDataset.config(), dataset, SEED + 1, "train", log::println));
    assertTrue(
        seed.getMessage().startsWith("--seed: expected 5 as at the start of"), seed.getMessage());
    KaggleDataset other = KaggleDataset.open(TinyDataset.write(dir.resolve("other"), 8));
    UserError data =
        assertThrows(
            UserError.class,
            () -> ResumedRun.open(run, TinyDataset.config(), other, null, "train", log::println));
    assertTrue(data.getMessage().contains("(tiny, 9 photos)"), data.getMessage());
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRun() throws IOException {
    Config config = TinyDataset.config("LRS=1e25", "WARMUP_STEPS=0", "LAYERS=all");
    try (TrainingRun run =
        NewRun.begin(
            dir.resolve("run"), config, dataset, new RunStart(SEED, "train"), log::println)) {
      UserError error =
          assertThrows(UserError.class, () -> run.train(1, RunListeners.of(run, log), NEVER));
      assertTrue(
          error.getMessage().matches("epoch 1 step [12]: expected a finite .*, found .*"),
          error.getMessage());
      assertTrue(error.getMessage().contains("photo"), error.getMessage());
    }
    resume(dir.resolve("run"), config).close(); // what was saved before is good
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    UserError error = assertThrows(UserError.class, () -> begin(file.resolve("run"), log));
    assertTrue(
        error.getMessage().startsWith(file.resolve("run") + ": cannot be written"),
        error.getMessage());
  }

  private static TrainingRun begin(Path run, PrintStream log) {
    return NewRun.begin(
        run, TinyDataset.config(), dataset, new RunStart(SEED, "train"), log::println);
  }

  private TrainingRun resume(Path run, Config config) {
    RunFolder folder = RunFolder.open(run).orElseThrow();
    return ResumedRun.open(folder, config, dataset, null, "train", log::println);
  }

  private void finish(Path folder) {
    try (TrainingRun run = resume(folder, TinyDataset.config())) {
      run.train(2, RunListeners.of(run, log), NEVER);
      assertTrue(run.isComplete());
    }
  }

  private void assertRefused(RunFolder run, String expected, String setting) {
    UserError error =
        assertThrows(UserError.class, () -> resume(run.dir(), TinyDataset.config(setting)));
    assertTrue(error.getMessage().startsWith(expected), error.getMessage());
  }

  private RunFolder copyOfReference() throws IOException {
    Path target = Files.createDirectories(dir.resolve("run"));
    try (Stream<Path> files = Files.list(reference.dir())) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return RunFolder.open(target).orElseThrow();
  }

  private static void assertSameAsReference(Path dir) throws IOException {
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      assertTrue(Files.exists(dir.resolve("mask_rcnn_tiny_000%d.h5".formatted(epoch))));
    }
    assertSame(reference, dir);
  }

  /** Weights bit for bit, the logged losses digit for digit, as many events. */
  static void assertSame(RunFolder expected, Path dir) throws IOException {
    RunFolder run = RunFolder.open(dir).orElseThrow();
    assertEquals(weights(expected.dir()), weights(dir));
    for (String name : weights(dir)) {
      assertEquals(-1, Files.mismatch(expected.dir().resolve(name), dir.resolve(name)), name);
    }
    assertEquals(losses(expected), losses(run));
    assertEquals(Files.size(expected.events()), Files.size(run.events()));
  }

  private static List<String> weights(Path dir) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".h5"))
          .sorted()
          .toList();
    }
  }

  /** The rows of the log without the times. */
  private static List<String> losses(RunFolder run) throws IOException {
    return Files.readAllLines(run.log()).stream()
        .map(line -> String.join(",", Arrays.copyOf(line.split(",", -1), 16)))
        .toList();
  }

  private static void cutInHalf(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
  }
}
