package dev.selvage.bench;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.doctor.SystemInfo;
import dev.selvage.util.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Times loading one photo as large as the largest one of the Kaggle dataset, with 60 objects. */
public final class PhotoBench {
  private static final int HEIGHT = 10717;
  private static final int WIDTH = 6800;
  private static final int OBJECTS = 60;
  private static final int REPEATS = 5;
  private static final double MIB = 1 << 20;

  private PhotoBench() {}

  /**
   * Runs the benchmark.
   *
   * @return by name, for a JPEG and for a PNG: milliseconds until the photo and its targets are
   *     ready, the first time and the median, and the additional peak memory
   */
  public static Map<String, Double> run(Config config) {
    Config single = config.with("IMAGES_PER_GPU", 1);
    Map<String, Double> found = new LinkedHashMap<>();
    for (String ending : new String[] {"jpg", "png"}) {
      try (BenchFolder dir = BenchFolder.make("photo")) {
        write(dir.path(), ending);
        measure(dir.path(), ending, single, found);
      } catch (IOException e) {
        throw new UserError("bench photo: cannot write a photo to read (%s)".formatted(e), e);
      }
    }
    return found;
  }

  private static void measure(Path dir, String ending, Config config, Map<String, Double> found)
      throws IOException {
    KaggleDataset dataset = KaggleDataset.open(dir);
    System.gc();
    SystemInfo.forgetPeak();
    long before = SystemInfo.peakResident();
    double[] ms = new double[REPEATS];
    try (BatchLoader loader = BatchLoader.validation(dataset, new int[] {0}, config, 1, 1, 1)) {
      for (int i = 0; i < REPEATS; i++) {
        loader.startAt(
            i, Augmentation.NONE); // waits for what was prepared ahead, so that nothing is ready
        long begin = System.nanoTime();
        try (Batch batch = loader.next()) {
          ms[i] = (System.nanoTime() - begin) / 1e6;
          if (batch.truths()[0].size() != OBJECTS) {
            throw new IllegalStateException("found %d objects".formatted(batch.truths()[0].size()));
          }
        }
      }
    }
    double first = ms[0];
    Arrays.sort(ms);
    found.put(ending + "_file_mib", Files.size(dataset.path(0)) / MIB);
    found.put(ending + "_first_ms", first);
    found.put(ending + "_median_ms", ms[REPEATS / 2]);
    found.put(ending + "_added_mib", (SystemInfo.peakResident() - before) / MIB);
  }

  /** Writes blurred noise, which compresses about as well as a photo. */
  private static void write(Path dir, String ending) throws IOException {
    Path photo = Files.createDirectory(dir.resolve("train")).resolve("photo." + ending);
    byte[] noise = new byte[3 * (HEIGHT / 16) * (WIDTH / 16)];
    new Random(1).nextBytes(noise);
    try (Mat coarse = new Mat(HEIGHT / 16, WIDTH / 16, CV_8UC3);
        Mat picture = new Mat();
        Size size = new Size(WIDTH, HEIGHT)) {
      coarse.data().put(noise);
      opencv_imgproc.resize(coarse, picture, size, 0, 0, INTER_CUBIC);
      opencv_imgcodecs.imwrite(photo.toString(), picture);
    }
    Files.writeString(
        dir.resolve("label_descriptions.json"), "{\"categories\": [{\"id\": 0, \"name\": \"x\"}]}");
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter csv = Files.newBufferedWriter(dir.resolve("train.csv"))) {
      csv.write("ImageId,EncodedPixels,Height,Width,ClassId\n");
      for (int i = 0; i < OBJECTS; i++) {
        String mask = SyntheticKaggle.ellipse(HEIGHT, WIDTH, 1500, random);
        csv.write("photo.%s,%s,%s,%s,0\n".formatted(ending, mask, HEIGHT, WIDTH));
      }
    }
  }
}
