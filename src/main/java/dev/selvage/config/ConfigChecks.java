package dev.selvage.config;

import dev.selvage.util.UserError;
import java.lang.reflect.Array;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What must hold between and within settings beyond their types. */
final class ConfigChecks {
  private static final List<String> BACKBONES =
      List.of("resnet18", "resnet34", "resnet50", "resnet101");
  private static final List<String> AUGMENTATIONS = List.of("none", "flip", "seed", "strong");
  private static final List<String> RESIZE_MODES = List.of("square", "pad64", "none", "crop");

  private static final List<String> PRECISIONS = List.of("f32", "bf16", "f16");
  private static final List<String> DECAYS = List.of("none", "cosine", "run_cosine");

  private ConfigChecks() {}

  static void check(Config c) {
    oneOf("BACKBONE", c.BACKBONE, BACKBONES);
    oneOf("IMAGE_RESIZE_MODE", c.IMAGE_RESIZE_MODE, RESIZE_MODES);
    oneOf("PRECISION", c.PRECISION, PRECISIONS);
    sizes(c);
    images(c);
    if (c.IMAGE_CHANNEL_COUNT != 3) {
      throw new UserError(
          "IMAGE_CHANNEL_COUNT must be 3 (red, green, blue), found " + c.IMAGE_CHANNEL_COUNT);
    }
    positive("IMAGES_PER_GPU", c.IMAGES_PER_GPU);
    positive("GPU_COUNT", c.GPU_COUNT);
    positive("STEPS_PER_EPOCH", c.STEPS_PER_EPOCH);
    positive("ACCUMULATION_STEPS", c.ACCUMULATION_STEPS);
    positive("NUM_CLASSES", c.NUM_CLASSES);
    positive("BACKBONE_WIDTH", c.BACKBONE_WIDTH);
    positive("RPN_CHANNELS", c.RPN_CHANNELS);
    positive("MASK_CHANNELS", c.MASK_CHANNELS);
    positive("TRAIN_ROIS_PER_IMAGE", c.TRAIN_ROIS_PER_IMAGE);
    positive("RPN_TRAIN_ANCHORS_PER_IMAGE", c.RPN_TRAIN_ANCHORS_PER_IMAGE);
    positive("RPN_ANCHOR_STRIDE", c.RPN_ANCHOR_STRIDE);
    positive("MAX_GT_INSTANCES", c.MAX_GT_INSTANCES);
    fraction("ROI_POSITIVE_RATIO", c.ROI_POSITIVE_RATIO);
    notNegative("EVAL_EVERY", c.EVAL_EVERY);
    notNegative("EVAL_PHOTOS", c.EVAL_PHOTOS);
    notNegative("TENSORBOARD_EVERY", c.TENSORBOARD_EVERY);
    notNegative("EARLY_STOP_EPOCHS", c.EARLY_STOP_EPOCHS);
    notNegative("KEEP_CHECKPOINTS", c.KEEP_CHECKPOINTS);
    if (c.EARLY_STOP_EPOCHS > 0 && c.EVAL_EVERY == 0) {
      throw new UserError(
          "EARLY_STOP_EPOCHS needs EVAL_EVERY of at least 1, found %d and 0"
              .formatted(c.EARLY_STOP_EPOCHS));
    }
    wholePhotos("EVAL_EVERY", c.EVAL_EVERY, c);
    wholePhotos("TENSORBOARD_EVERY", c.TENSORBOARD_EVERY, c);
    fraction("REPEAT_THRESHOLD", c.REPEAT_THRESHOLD);
    fraction("EMA_DECAY", c.EMA_DECAY);
    fraction("VALIDATION_FRACTION", c.VALIDATION_FRACTION);
    fold(c);
    stages(c);
  }

  private static void wholePhotos(String key, int value, Config c) {
    if (value > 0 && c.IMAGE_RESIZE_MODE.equals("crop")) {
      throw new UserError(
          "%s must be 0 where IMAGE_RESIZE_MODE is crop, which shows only a part of each photo, found %d"
              .formatted(key, value));
    }
  }

  private static void fold(Config c) {
    int folds = Config.folds(c.VALIDATION_FRACTION);
    if (c.FOLD < 0 || c.FOLD >= folds) {
      throw new UserError(
          "FOLD must lie in 0..%d, since VALIDATION_FRACTION=%s makes %d, found %d"
              .formatted(folds - 1, c.VALIDATION_FRACTION, folds, c.FOLD));
    }
  }

  private static void sizes(Config c) {
    length(
        "RPN_ANCHOR_SCALES",
        c.RPN_ANCHOR_SCALES,
        c.BACKBONE_STRIDES.length,
        "one for each of BACKBONE_STRIDES");
    length("MEAN_PIXEL", c.MEAN_PIXEL, 3, "red, green, blue");
    length("RPN_BBOX_STD_DEV", c.RPN_BBOX_STD_DEV, 4, "y, x, height, width");
    length("BBOX_STD_DEV", c.BBOX_STD_DEV, 4, "y, x, height, width");
    length("LOSS_WEIGHTS", c.LOSS_WEIGHTS, 5, "one a loss");
    length("MASK_SHAPE", c.MASK_SHAPE, 2, "height, width");
    length("MINI_MASK_SHAPE", c.MINI_MASK_SHAPE, 2, "height, width");
    if (c.MINI_MASK_SHAPE[0] < 1 || c.MINI_MASK_SHAPE[1] < 1) {
      throw new UserError(
          "MINI_MASK_SHAPE must be two positive numbers, found %d,%d"
              .formatted(c.MINI_MASK_SHAPE[0], c.MINI_MASK_SHAPE[1]));
    }
  }

  private static void images(Config c) {
    switch (c.IMAGE_RESIZE_MODE) {
      case "square" -> side("IMAGE_MAX_DIM", c.IMAGE_MAX_DIM);
      case "crop" -> side("IMAGE_MIN_DIM", c.IMAGE_MIN_DIM);
      default -> {
        // pad64 makes its own sides; none has only the photo's, which are looked at when it is read
      }
    }
    if (c.IMAGE_MIN_DIM < 0) {
      throw new UserError("IMAGE_MIN_DIM must not be negative, found " + c.IMAGE_MIN_DIM);
    }
  }

  private static void side(String key, int value) {
    if (value < 64 || value % 64 != 0) {
      throw new UserError("%s must be a positive multiple of 64, found %d".formatted(key, value));
    }
  }

  private static void stages(Config c) {
    if (c.EPOCHS.length == 0) {
      throw new UserError("EPOCHS must name at least one stage, found none");
    }
    for (int i = 0; i < c.EPOCHS.length; i++) {
      if (c.EPOCHS[i] <= (i == 0 ? 0 : c.EPOCHS[i - 1])) {
        throw new UserError(
            "EPOCHS must increase from stage to stage, found %d at place %d"
                .formatted(c.EPOCHS[i], i + 1));
      }
    }
    perStage("LRS", c.LRS, c.EPOCHS.length);
    perStage("MOMS", c.MOMS, c.EPOCHS.length);
    perStage("LR_DECAY", c.LR_DECAY, c.EPOCHS.length);
    for (String decay : c.LR_DECAY) {
      oneOf("LR_DECAY", decay, DECAYS);
    }
    perStage("LAYERS", c.LAYERS, c.EPOCHS.length);
    perStage("FLIPS", c.FLIPS, c.EPOCHS.length);
    perStage("AUGMENTATION", c.AUGMENTATION, c.EPOCHS.length);
    for (String augmentation : c.AUGMENTATION) {
      oneOf("AUGMENTATION", augmentation, AUGMENTATIONS);
    }
    for (String layers : c.LAYERS) {
      // 3+, 4+ and 5+ are regular expressions too, so the one check serves
      try {
        Pattern.compile(layers);
      } catch (PatternSyntaxException e) {
        throw new UserError(
            "LAYERS must be heads, 3+, 4+, 5+, all or a regular expression, found %s"
                .formatted(layers),
            e);
      }
    }
  }

  private static void perStage(String key, Object list, int stages) {
    int found = Array.getLength(list);
    if (found != 1 && found != stages) {
      throw new UserError(
          "%s must have 1 value or one for each of the %d stages of EPOCHS, found %d"
              .formatted(key, stages, found));
    }
  }

  private static void length(String key, Object list, int expected, String meaning) {
    int found = Array.getLength(list);
    if (found != expected) {
      throw new UserError(
          "%s must have %d values (%s), found %d".formatted(key, expected, meaning, found));
    }
  }

  private static void oneOf(String key, String value, List<String> known) {
    if (!known.contains(value)) {
      throw new UserError(
          "%s must be one of %s, found %s".formatted(key, String.join(", ", known), value));
    }
  }

  private static void positive(String key, int value) {
    if (value < 1) {
      throw new UserError("%s must be at least 1, found %d".formatted(key, value));
    }
  }

  private static void notNegative(String key, int value) {
    if (value < 0) {
      throw new UserError("%s must not be negative, found %d".formatted(key, value));
    }
  }

  private static void fraction(String key, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError("%s must lie in 0..1 (1 excluded), found %s".formatted(key, value));
    }
  }
}
