package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.model.Initializer;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.TinyModel;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.weights.files.KerasFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A dataset of four photos with three classes, and a run with weights that find something. */
public final class TinyRun {
  private static final List<String> SETTINGS =
      TinyModel.with(
          "NAME=tiny",
          "NUM_CLASSES=4",
          "IMAGE_MIN_DIM=64",
          "IMAGE_MAX_DIM=64",
          "RPN_ANCHOR_SCALES=8,16,32,64,128",
          "POST_NMS_ROIS_INFERENCE=30",
          "DETECTION_MAX_INSTANCES=6",
          "DETECTION_MIN_CONFIDENCE=0.3",
          "VALIDATION_FRACTION=0.5");

  public final Path data;
  final Path runs;
  public final Path run;

  public TinyRun(Path folder) throws IOException {
    data = folder.resolve("data");
    runs = folder.resolve("runs");
    dataset();
    run = addRun("tiny20260101T0000", 3);
  }

  private void dataset() throws IOException {
    Files.createDirectories(data.resolve("train"));
    Files.writeString(
        data.resolve("label_descriptions.json"),
        """
        {"categories": [
          {"id": 3, "name": "shirt, blouse", "supercategory": "upperbody"},
          {"id": 5, "name": "pants", "supercategory": "lowerbody"},
          {"id": 9, "name": "shoe", "supercategory": "feet"}]}
        """);
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (int i = 0; i < 4; i++) {
      photo(data.resolve("train/%d.png".formatted(i)), 40 + 60 * i);
      csv.append("%d.png,1 30 101 30,50,70,5\n".formatted(i));
      csv.append("%d.png,2001 400,50,70,9_1_2\n".formatted(i));
    }
    Files.writeString(data.resolve("train.csv"), csv);
  }

  static void photo(Path file, int grey) {
    try (Scalar colour = new Scalar(grey, 255 - grey, 90, 0);
        Mat photo = new Mat(50, 70, CV_8UC3, colour)) {
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
  }

  /**
   * Adds a run with one complete epoch.
   *
   * @param seed of its split and its weights
   * @param changes of the settings, each KEY=VALUE
   * @return its folder
   */
  Path addRun(String name, long seed, String... changes) throws IOException {
    Path folder = Files.createDirectories(runs.resolve(name));
    Config config =
        ConfigReader.read(
            null, null, Stream.concat(SETTINGS.stream(), Stream.of(changes)).toList());
    List<Map<String, Object>> categories = new ArrayList<>();
    categories.add(Map.of("id", 3, "name", "shirt, blouse", "supercategory", "upperbody"));
    categories.add(Map.of("id", 5, "name", "pants", "supercategory", "lowerbody"));
    categories.add(Map.of("id", 9, "name", "shoe", "supercategory", "feet"));
    ConfigWriter.write(
        config,
        Map.of(
            "commands",
            List.of("train"),
            "versions",
            Map.of(),
            "seed",
            seed,
            "weights",
            "none",
            "dataset",
            "data",
            "photos",
            4,
            "fingerprint",
            "0",
            "categories",
            categories),
        folder.resolve("config.json"));
    Files.createFile(folder.resolve("state_0001.safetensors"));
    try (Parameters parameters = new Parameters(ParameterTable.of(config))) {
      Initializer.initialize(parameters, seed - 2);
      Parameter bias = parameters.get("mrcnn_class_logits/bias");
      bias.upload(new float[] {-5, 0, 1, 0.5f});
      KerasFile.save(folder.resolve("mask_rcnn_tiny_0001.h5"), parameters);
    }
    return folder;
  }

  /** Exit code, and what stood on stdout and stderr, but for the line about the device. */
  public record Outcome(int code, String out, String err) {}

  /** Runs a verb in this process. */
  public static Outcome call(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Outcome(
          code,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8).replaceAll("selvage: computing on .*\n", ""));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
