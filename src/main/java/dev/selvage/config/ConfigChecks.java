package dev.selvage.config;

import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What must hold beyond the type and the range of single values, mostly between settings. */
final class ConfigChecks {
  private static final int[] STRIDES = {4, 8, 16, 32, 64};

  /** Bytes of NAME, which leave room for the rest of a file's name. */
  private static final int LONGEST_NAME = 100;

  private ConfigChecks() {}

  static void check(Config c) {
    name(c.NAME);
    model(c);
    batch(c);
    imageSize(c);
    wholePhotos("EVAL_EVERY", c.EVAL_EVERY, c);
    wholePhotos("TENSORBOARD_EVERY", c.TENSORBOARD_EVERY, c);
    if (c.EARLY_STOP_EPOCHS > 0 && c.EVAL_EVERY == 0) {
      throw new UserError(
          "EARLY_STOP_EPOCHS needs EVAL_EVERY of at least 1, found %d and 0"
              .formatted(c.EARLY_STOP_EPOCHS));
    }
    fold(c);
    stages(c);
  }

  /** It becomes a part of the names of files and folders. */
  private static void name(String name) {
    boolean good =
        !name.isBlank()
            && !name.startsWith(".")
            && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
            && name.codePoints()
                .noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c) || isHalf(c));
    if (!good) {
      throw new UserError(
          "NAME must be part of a file's name (at most %d bytes, no / or \\, no control characters, no dot at its beginning), found \"%s\""
              .formatted(LONGEST_NAME, printable(name)));
    }
  }

  /** Half of a character that takes two of Java's; it has no bytes in UTF-8. */
  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static String printable(String name) {
    String begin = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "..." : name;
    return begin.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
  }

  private static void model(Config c) {
    if (!Arrays.equals(c.BACKBONE_STRIDES.toArray(), STRIDES)) {
      throw new UserError(
          "BACKBONE_STRIDES must be %s, the strides of the pyramid, found %s"
              .formatted(Arrays.toString(STRIDES), c.BACKBONE_STRIDES));
    }
    int side = 2 * c.MASK_POOL_SIZE;
    if (c.MASK_SHAPE.get(0) != side || c.MASK_SHAPE.get(1) != side) {
      throw new UserError(
          "MASK_SHAPE must be [%d, %d], twice MASK_POOL_SIZE, found %s"
              .formatted(side, side, c.MASK_SHAPE));
    }
  }

  private static void batch(Config c) {
    long images = (long) c.IMAGES_PER_GPU * c.GPU_COUNT * c.ACCUMULATION_STEPS;
    if (images > Integer.MAX_VALUE) {
      throw new UserError(
          "IMAGES_PER_GPU * GPU_COUNT * ACCUMULATION_STEPS must be at most %d, found %d"
              .formatted(Integer.MAX_VALUE, images));
    }
  }

  private static void imageSize(Config c) {
    switch (c.IMAGE_RESIZE_MODE) {
      case SQUARE -> multipleOf64("IMAGE_MAX_DIM", c.IMAGE_MAX_DIM);
      case CROP -> multipleOf64("IMAGE_MIN_DIM", c.IMAGE_MIN_DIM);
      case PAD64 -> {} // pads to a multiple of 64
      case NONE -> {} // the sides of each photo are checked when it is read
    }
  }

  private static void multipleOf64(String key, int value) {
    if (value < 64 || value % 64 != 0) {
      throw new UserError("%s must be a positive multiple of 64, found %d".formatted(key, value));
    }
  }

  private static void wholePhotos(String key, int value, Config c) {
    if (value > 0 && c.IMAGE_RESIZE_MODE == ResizeMode.CROP) {
      throw new UserError(
          "%s must be 0 where IMAGE_RESIZE_MODE is crop, which shows only a part of each photo, found %d"
              .formatted(key, value));
    }
  }

  private static void fold(Config c) {
    int folds = Config.folds(c.VALIDATION_FRACTION);
    if (c.FOLD >= folds) {
      throw new UserError(
          "FOLD must be in 0..%d, since VALIDATION_FRACTION=%s makes %d folds, found %d"
              .formatted(folds - 1, c.VALIDATION_FRACTION, folds, c.FOLD));
    }
  }

  private static void stages(Config c) {
    int stages = c.EPOCHS.size();
    for (int i = 1; i < stages; i++) {
      if (c.EPOCHS.get(i) <= c.EPOCHS.get(i - 1)) {
        throw new UserError("EPOCHS must increase from stage to stage, found " + c.EPOCHS);
      }
    }
    perStage("LRS", c.LRS, stages);
    perStage("MOMS", c.MOMS, stages);
    perStage("LR_DECAY", c.LR_DECAY, stages);
    perStage("LAYERS", c.LAYERS, stages);
    perStage("FLIPS", c.FLIPS, stages);
    perStage("AUGMENTATION", c.AUGMENTATION, stages);
    for (String layers : c.LAYERS.values()) {
      // 3+, 4+ and 5+ are regular expressions too, so one check is enough
      try {
        Pattern.compile(layers);
      } catch (PatternSyntaxException e) {
        throw new UserError(
            "LAYERS must be heads, 3+, 4+, 5+, all or a regular expression, found " + layers, e);
      }
    }
  }

  private static void perStage(String key, PerStage<?> list, int stages) {
    int found = list.values().size();
    if (found != 1 && found != stages) {
      throw new UserError(
          "%s must have 1 value or one for each of the %d stages of EPOCHS, found %d"
              .formatted(key, stages, found));
    }
  }
}
