package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.train.TinyDataset;
import dev.selvage.weights.keras.KerasVariantsTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command writes the same files whatever the locale is, even where nothing sets it as {@link
 * Main#main} does: a program that uses the Java API has its own.
 */
class LocaleTest {
  private static final Locale BEFORE = Locale.getDefault();

  @TempDir static Path shared;

  private static Map<String, byte[]> expected;

  @BeforeAll
  static void runAllUnderRoot() throws IOException {
    expected = files(Locale.ROOT);
  }

  @AfterEach
  void reset() {
    Locale.setDefault(BEFORE);
  }

  /** Locales with digits of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"fa", "ar-EG", "mr-IN"})
  void changesNoFile(String tag) throws IOException {
    Map<String, byte[]> found = files(Locale.forLanguageTag(tag));
    assertEquals(expected.keySet(), found.keySet());
    List<String> changed = new ArrayList<>();
    expected.forEach(
        (name, bytes) -> {
          if (!Arrays.equals(comparable(name, bytes), comparable(name, found.get(name)))) {
            changed.add(name);
          }
        });
    assertEquals(List.of(), changed);
  }

  /** What must be the same: speed and memory are left out. */
  private static byte[] comparable(String name, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (name.endsWith("log.csv")) {
      return text.replaceAll("(?m)(,[0-9.E-]+){4}$", "").getBytes(StandardCharsets.UTF_8);
    } else if (name.equals("run/config.json")) {
      return text.replaceAll("(?<=\"started\" ?: ?\")[0-9T:.-]+Z", "")
          .getBytes(StandardCharsets.UTF_8);
    }
    return name.endsWith("tfevents") ? new byte[bytes.length] : bytes;
  }

  private static Map<String, byte[]> files(Locale locale) throws IOException {
    Path dir = shared.resolve("files");
    Path data = data(dir.resolve("tiny"));
    Locale.setDefault(locale);
    try {
      runAll(data, dir);
      Map<String, byte[]> files = new TreeMap<>();
      try (Stream<Path> all = Files.walk(dir)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          String name = dir.relativize(file).toString().replaceAll("(tfevents).*", "$1");
          files.put(name, Files.readAllBytes(file));
        }
      }
      return files;
    } finally {
      Locale.setDefault(BEFORE);
      try (Stream<Path> all = Files.walk(dir)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path data(Path folder) throws IOException {
    Path data = TinyDataset.write(folder, 12);
    Files.copy(
        data.resolve("train/photo11.jpg"),
        Files.createDirectory(data.resolve("test")).resolve("t.jpg"));
    Files.writeString(
        data.resolve("sample_submission.csv"), "ImageId,EncodedPixels,ClassId\nt.jpg,1 1,1\n");
    return data;
  }

  private static void runAll(Path data, Path dir) throws IOException {
    Path run = dir.resolve("run");
    Path h5 = run.resolve("mask_rcnn_tiny_0001.h5");
    List<String> train =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                data.toString(),
                "--run",
                run.toString(),
                "--weights",
                "none",
                "--threads",
                "1"));
    TinyDataset.SETTINGS.forEach(setting -> train.addAll(List.of("--set", setting)));
    for (String setting :
        List.of(
            "EPOCHS=1",
            "LRS=0.0125",
            "LAYERS=all",
            "FLIPS=false",
            "STEPS_PER_EPOCH=1",
            "VALIDATION_STEPS=1",
            "TENSORBOARD_EVERY=1",
            "DETECTION_MIN_CONFIDENCE=0.01")) {
      train.addAll(List.of("--set", setting));
    }
    call(train.toArray(String[]::new));
    call("sample", dir.resolve("sample").toString(), "--images", "2");
    call(
        "resize",
        "--data",
        data.toString(),
        "--out",
        dir.resolve("small").toString(),
        "--side",
        "50");
    call(
        "inspect",
        "--data",
        dir.resolve("small").toString(),
        "--out",
        dir.resolve("inspected").toString(),
        "--augmented",
        "1");
    call(
        "evaluate",
        "--data",
        data.toString(),
        "--weights",
        h5.toString(),
        "--samples",
        "1",
        "--out",
        dir.resolve("pictures").toString(),
        "--report",
        dir.resolve("report").toString());
    call(
        "tune",
        "--data",
        data.toString(),
        "--weights",
        h5.toString(),
        "--split",
        "all",
        "--allow-seen");
    call(
        "predict",
        "--weights",
        h5.toString(),
        "--images",
        data.resolve("test").toString(),
        "--out",
        dir.resolve("found").toString());
    call(
        "submit",
        "--data",
        data.toString(),
        "--weights",
        h5.toString(),
        "--out",
        dir.resolve("submission.csv").toString());
    call("plot", run.toString(), "--out", dir.resolve("curves.svg").toString());
    call("plot", run.toString(), "--out", dir.resolve("curves.png").toString());
    call("weights", h5.toString());
    for (String name : List.of("torchvision.pth", "detectron2.pkl")) {
      String from = KerasVariantsTest.fixture(name).toString();
      call("weights", from, "--out", dir.resolve(name + ".h5").toString());
    }
    Files.writeString(dir.resolve("config.json"), call("config", "street"));
  }

  private static String call(String... arguments) {
    Outcome outcome = TinyRun.call(arguments);
    assertEquals(0, outcome.code(), outcome.err());
    return outcome.out();
  }
}
