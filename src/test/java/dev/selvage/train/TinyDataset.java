package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.model.TinyModel;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** A folder of small photos in Kaggle's layout, and a model small enough to train on them. */
public final class TinyDataset {
  private static final int CATEGORIES = 2;

  /** Three epochs of three steps in two stages, as {@code --set} takes them. */
  public static final List<String> SETTINGS =
      TinyModel.with(
          "NAME=Tiny",
          "IMAGE_MIN_DIM=64",
          "IMAGE_MAX_DIM=64",
          "RPN_ANCHOR_SCALES=8,16,32,64,128",
          "POST_NMS_ROIS_TRAINING=40",
          "TRAIN_ROIS_PER_IMAGE=12",
          "STEPS_PER_EPOCH=3",
          "VALIDATION_STEPS=2",
          "VALIDATION_FRACTION=0.3",
          "EPOCHS=1,3",
          "LRS=0.01,0.005",
          "LAYERS=heads,all",
          "FLIPS=false,true",
          "WARMUP_STEPS=2",
          "LR_DECAY=none",
          "AUGMENTATION=none",
          "EMA_DECAY=0",
          "REPEAT_THRESHOLD=0",
          "EVAL_EVERY=0");

  private TinyDataset() {}

  /** The model and schedule, with other settings on top. */
  public static Config config(String... more) {
    List<String> all = new ArrayList<>(SETTINGS);
    all.add("NUM_CLASSES=" + (CATEGORIES + 1));
    all.addAll(List.of(more));
    return ConfigReader.read(null, null, all);
  }

  /**
   * Writes photos of two rectangles each. The fourth, if there are so many, cannot be decoded, so
   * that the loader has something to pass over.
   */
  public static Path write(Path dir, int photos) throws IOException {
    Files.createDirectories(dir.resolve("train"));
    Files.writeString(
        dir.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 3, \"name\": \"coat\", \"supercategory\": \"\"},"
            + " {\"id\": 7, \"name\": \"shoe\", \"supercategory\": \"\"}]}");
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (int i = 0; i < photos; i++) {
      photo(dir.resolve("train"), i, csv);
    }
    Files.writeString(dir.resolve("train.csv"), csv);
    return dir;
  }

  private static void photo(Path dir, int number, StringBuilder csv) throws IOException {
    Random random = new Random(number);
    int width = 60 + 8 * (number % 4);
    int height = 96 - 8 * (number % 3);
    String name = "photo%d.jpg".formatted(number);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setColor(new Color(random.nextInt(1 << 24)));
    pen.fillRect(0, 0, width, height);
    for (int category : new int[] {3, 7}) {
      int x = random.nextInt(width / 2);
      int y = random.nextInt(height / 2);
      int w = 8 + random.nextInt(width / 3);
      int h = 8 + random.nextInt(height / 3);
      pen.setColor(new Color(random.nextInt(1 << 24)));
      pen.fillRect(x, y, w, h);
      csv.append(name).append(",\"");
      for (int column = x; column < x + w; column++) {
        csv.append(column == x ? "" : " ").append(column * height + y + 1).append(' ').append(h);
      }
      csv.append("\",%d,%d,%d%n".formatted(height, width, category));
    }
    pen.dispose();
    if (number == 3) {
      Files.writeString(dir.resolve(name), "no picture");
    } else {
      ImageIO.write(picture, "jpg", dir.resolve(name).toFile());
    }
  }
}
