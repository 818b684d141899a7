package dev.selvage.train.listener;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.split.SplitFile;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunSplit;
import dev.selvage.train.NewRun;
import dev.selvage.train.ResumedRun;
import dev.selvage.train.RunStart;
import dev.selvage.train.TinyDataset;
import dev.selvage.train.TrainingRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures and histograms in TensorBoard's file, read back by the specification alone. */
class TensorBoardImagesTest {
  private static final BooleanSupplier NEVER = () -> false;
  private static final Config CONFIG = TinyDataset.config("TENSORBOARD_EVERY=2");
  private static final int FRAME = 12;

  // Event, Summary.Value, Summary.Image and HistogramProto of tensorflow
  private static final int STEP = 2;
  private static final int SUMMARY = 5;
  private static final int IMAGE = 4;
  private static final int HISTOGRAM = 5;

  @TempDir static Path folder;
  private static Dataset dataset;
  private static Path whole;

  @BeforeAll
  static void train() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(folder.resolve("photos"), 12));
    whole = folder.resolve("whole");
    try (TrainingRun run = begin(whole)) {
      run.train(1, RunListeners.quiet(run), NEVER);
    }
  }

  @Test
  void theyComeWithTheEpochsThatAreDue() throws IOException {
    for (ProtoFields event : events(whole)) {
      for (ProtoFields value : values(event)) {
        // epochs are counted from 0
        boolean due = event.has(STEP) && (long) event.one(STEP) == 1;
        assertTrue(due || value.has(2), "a point");
      }
    }
    assertEquals(
        3, events(whole).stream().filter(e -> values(e).stream().anyMatch(v -> v.has(2))).count());
  }

  @Test
  void picturesAreOfPhotosHeldOut() throws IOException {
    Set<String> held = new TreeSet<>();
    for (int photo : SplitFile.read(RunSplit.file(whole)).of(dataset).valid()) {
      if (!dataset.fileName(photo).equals("photo3.jpg")) { // which cannot be decoded
        held.add("held_out/" + dataset.fileName(photo));
      }
    }
    Set<String> shown = new TreeSet<>();
    for (ProtoFields value : values(whole, IMAGE)) {
      assertTrue(shown.add(value.text(1)));
      ProtoFields image = value.message(IMAGE);
      assertEquals(3L, image.one(3));
      try (BytePointer bytes = new BytePointer((byte[]) image.one(4));
          Mat encoded = new Mat(bytes);
          Mat picture = opencv_imgcodecs.imdecode(encoded, IMREAD_COLOR)) {
        assertEquals(image.one(1), (long) picture.rows());
        assertEquals(image.one(2), (long) picture.cols());
        assertTrue(picture.cols() > picture.rows(), "two photos next to each other");
      }
    }
    assertFalse(shown.isEmpty());
    assertTrue(held.containsAll(shown), shown + " of " + held);
    assertEquals(Math.min(4, held.size()), shown.size());
  }

  @Test
  void histogramsAreOfEveryArray() throws IOException {
    Set<String> tags = new TreeSet<>();
    for (ProtoFields value : values(whole, HISTOGRAM)) {
      assertTrue(tags.add(value.text(1)));
      ProtoFields h = value.message(HISTOGRAM);
      double[] limits = h.doubles(6);
      double[] counts = h.doubles(7);
      assertEquals(limits.length, counts.length);
      assertEquals(h.one(3), Arrays.stream(counts).sum());
      assertEquals(h.one(2), limits[limits.length - 1]);
      double[] ascending = limits.clone();
      Arrays.sort(ascending);
      assertTrue(Arrays.equals(ascending, limits), "limits ascend");
      assertTrue((double) h.one(1) <= limits[0]);
      double mean = (double) h.one(4) / (double) h.one(3);
      assertTrue(mean >= (double) h.one(1) - 1e-6 && mean <= (double) h.one(2) + 1e-6);
      assertTrue((double) h.one(5) >= 0);
    }
    assertTrue(tags.contains("conv1/kernel") && tags.contains("mrcnn_mask/bias"), tags.toString());
  }

  /** Killed after its records were written and before its state was: the epoch comes again. */
  @Test
  void anEpochThatIsTrainedAgainIsShownOnce() throws IOException {
    Path again = folder.resolve("again");
    try (TrainingRun run = begin(again)) {
      run.train(1, RunListeners.quiet(run), NEVER);
    }
    Files.delete(again.resolve("state_0002.safetensors"));
    Files.delete(again.resolve("state_0003.safetensors"));
    RunFolder begun = RunFolder.open(again).orElseThrow();
    try (TrainingRun run = ResumedRun.open(begun, CONFIG, dataset, null, "train", line -> {})) {
      run.train(1, RunListeners.quiet(run), NEVER);
    }
    List<ProtoFields> expected = events(whole);
    List<ProtoFields> found = events(again);
    assertEquals(expected.size(), found.size());
    for (int i = 1; i < expected.size(); i++) { // the first one is the version
      assertTrue(
          Arrays.equals((byte[]) expected.get(i).one(SUMMARY), (byte[]) found.get(i).one(SUMMARY)),
          "record " + i);
    }
  }

  private static TrainingRun begin(Path dir) {
    return NewRun.begin(dir, CONFIG, dataset, new RunStart(5, "train"), line -> {});
  }

  private static List<ProtoFields> values(ProtoFields event) {
    return event.has(SUMMARY) ? event.message(SUMMARY).messages(1) : List.of();
  }

  private static List<ProtoFields> values(Path run, int kind) throws IOException {
    return events(run).stream()
        .flatMap(event -> values(event).stream())
        .filter(value -> value.has(kind))
        .toList();
  }

  private static List<ProtoFields> events(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().startsWith("events.out.tfevents."))
              .findFirst()
              .orElseThrow();
      ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      List<ProtoFields> events = new ArrayList<>();
      while (in.hasRemaining()) {
        byte[] data = new byte[(int) in.getLong()];
        in.position(in.position() + FRAME - Long.BYTES);
        in.get(data);
        in.position(in.position() + Integer.BYTES);
        events.add(new ProtoFields(data));
      }
      return events;
    }
  }
}
