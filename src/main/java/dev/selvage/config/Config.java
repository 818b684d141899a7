package dev.selvage.config;

import static dev.selvage.config.Range.ANY;
import static dev.selvage.config.Range.BELOW_ONE;
import static dev.selvage.config.Range.BETWEEN_ZERO_AND_ONE;
import static dev.selvage.config.Range.POSITIVE;
import static dev.selvage.config.Range.atLeast;
import static dev.selvage.config.Range.between;
import static dev.selvage.config.Range.exactly;
import static dev.selvage.config.ValueType.FLAG;
import static dev.selvage.config.ValueType.NUMBER;
import static dev.selvage.config.ValueType.TEXT;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The settings of a model and of its training. Immutable; {@link ConfigReader} reads one, and
 * {@link #with} makes another one.
 *
 * <p>Each field is declared with its key, its default and, where there is one, its allowed range.
 * The fields have the names of Matterport's keys, and Matterport's defaults. The keys that
 * Matterport does not have come last.
 */
public final class Config extends KeyDeclarations {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> BACKBONES =
      List.of("resnet18", "resnet34", "resnet50", "resnet101");

  /** The names of the losses, in the order of LOSS_WEIGHTS. */
  static final List<String> LOSSES =
      List.of(
          "rpn_class_loss",
          "rpn_bbox_loss",
          "mrcnn_class_loss",
          "mrcnn_bbox_loss",
          "mrcnn_mask_loss");

  // Far more than any machine computes in a step, and few enough that products are whole numbers
  private static final int MOST_IMAGES = 1 << 12;
  private static final int MOST_CHANNELS = 1 << 16;
  private static final int MOST_REGIONS = 1 << 20;
  private static final int MOST_CELLS = 1 << 10;
  private static final int MOST_PIXELS = 1 << 14;

  // Matterport's keys

  public final String NAME = text("NAME", "selvage");
  public final int GPU_COUNT = integer("GPU_COUNT", 1, between(1, MOST_IMAGES));
  public final int IMAGES_PER_GPU = integer("IMAGES_PER_GPU", 2, between(1, MOST_IMAGES));

  /** Optimizer steps in an epoch. */
  public final int STEPS_PER_EPOCH = integer("STEPS_PER_EPOCH", 1000, atLeast(1));

  /** Batches on which the losses are validated after an epoch. */
  public final int VALIDATION_STEPS = integer("VALIDATION_STEPS", 50, atLeast(0));

  /** resnet50 or resnet101; resnet18 and resnet34 are the smaller ResNets, with basic blocks. */
  public final String BACKBONE = text("BACKBONE", "resnet101", BACKBONES);

  /** Pixels of the image per cell of each pyramid level. */
  public final IntList BACKBONE_STRIDES =
      integers(
          "BACKBONE_STRIDES", "one for each level of the pyramid", atLeast(1), 4, 8, 16, 32, 64);

  /** Channels of the fully connected layers in the box head. */
  public final int FPN_CLASSIF_FC_LAYERS_SIZE =
      integer("FPN_CLASSIF_FC_LAYERS_SIZE", 1024, between(1, MOST_CHANNELS));

  /** Channels of each pyramid level. */
  public final int TOP_DOWN_PYRAMID_SIZE =
      integer("TOP_DOWN_PYRAMID_SIZE", 256, between(1, MOST_CHANNELS));

  /** Classes, background included; set from the dataset. */
  public final int NUM_CLASSES = integer("NUM_CLASSES", 1, between(1, MOST_CHANNELS));

  /** Sides of the square anchors in pixels, one for each pyramid level. */
  public final IntList RPN_ANCHOR_SCALES =
      integers(
          "RPN_ANCHOR_SCALES",
          "one for each of BACKBONE_STRIDES",
          atLeast(1),
          32,
          64,
          128,
          256,
          512);

  /** Width / height. */
  public final FloatList RPN_ANCHOR_RATIOS = numbers("RPN_ANCHOR_RATIOS", POSITIVE, 0.5f, 1f, 2f);

  /** Cells of a level's map between neighbouring anchors. */
  public final int RPN_ANCHOR_STRIDE = integer("RPN_ANCHOR_STRIDE", 1, between(1, MOST_CELLS));

  public final float RPN_NMS_THRESHOLD = number("RPN_NMS_THRESHOLD", 0.7f);
  public final int RPN_TRAIN_ANCHORS_PER_IMAGE =
      integer("RPN_TRAIN_ANCHORS_PER_IMAGE", 256, atLeast(1));
  public final int PRE_NMS_LIMIT = integer("PRE_NMS_LIMIT", 6000, atLeast(1));
  public final int POST_NMS_ROIS_TRAINING =
      integer("POST_NMS_ROIS_TRAINING", 2000, between(1, MOST_REGIONS));
  public final int POST_NMS_ROIS_INFERENCE =
      integer("POST_NMS_ROIS_INFERENCE", 1000, between(1, MOST_REGIONS));

  /**
   * true: a ground truth mask is cropped to its box and scaled to MINI_MASK_SHAPE; false: it keeps
   * the size of the resized photo, which is exact and takes 4 bytes per pixel and object while a
   * step runs.
   */
  public final boolean USE_MINI_MASK = flag("USE_MINI_MASK", true);

  /** Height, width. */
  public final IntList MINI_MASK_SHAPE =
      integers("MINI_MASK_SHAPE", "height, width", between(1, MOST_CELLS), 56, 56);

  public final ResizeMode IMAGE_RESIZE_MODE = choice("IMAGE_RESIZE_MODE", ResizeMode.SQUARE);
  public final int IMAGE_MIN_DIM = integer("IMAGE_MIN_DIM", 800, between(0, MOST_PIXELS));
  public final int IMAGE_MAX_DIM = integer("IMAGE_MAX_DIM", 1024, between(0, MOST_PIXELS));
  public final float IMAGE_MIN_SCALE = number("IMAGE_MIN_SCALE", 0f);

  /** Matterport's model takes red, green and blue only, too. */
  public final int IMAGE_CHANNEL_COUNT =
      integer("IMAGE_CHANNEL_COUNT", 3, exactly(3, "red, green, blue"));

  public final FloatList MEAN_PIXEL =
      numbers("MEAN_PIXEL", "red, green, blue", ANY, 123.7f, 116.8f, 103.9f);
  public final int TRAIN_ROIS_PER_IMAGE =
      integer("TRAIN_ROIS_PER_IMAGE", 200, between(1, MOST_REGIONS));
  public final float ROI_POSITIVE_RATIO = number("ROI_POSITIVE_RATIO", 0.33f, BETWEEN_ZERO_AND_ONE);
  public final int POOL_SIZE = integer("POOL_SIZE", 7, between(2, MOST_CELLS));
  public final int MASK_POOL_SIZE = integer("MASK_POOL_SIZE", 14, between(2, MOST_CELLS));

  /** Height, width: twice MASK_POOL_SIZE. */
  public final IntList MASK_SHAPE = integers("MASK_SHAPE", "height, width", atLeast(1), 28, 28);

  public final int MAX_GT_INSTANCES = integer("MAX_GT_INSTANCES", 100, atLeast(1));
  public final FloatList RPN_BBOX_STD_DEV =
      numbers("RPN_BBOX_STD_DEV", "y, x, height, width", POSITIVE, 0.1f, 0.1f, 0.2f, 0.2f);
  public final FloatList BBOX_STD_DEV =
      numbers("BBOX_STD_DEV", "y, x, height, width", POSITIVE, 0.1f, 0.1f, 0.2f, 0.2f);
  public final int DETECTION_MAX_INSTANCES =
      integer("DETECTION_MAX_INSTANCES", 100, between(1, MOST_REGIONS));
  public final float DETECTION_MIN_CONFIDENCE = number("DETECTION_MIN_CONFIDENCE", 0.7f);
  public final float DETECTION_NMS_THRESHOLD = number("DETECTION_NMS_THRESHOLD", 0.3f);

  /**
   * Whether a region may become an object of every class that scores high enough, as in Detectron2
   * and torchvision, or only of its likeliest one, as in Matterport's code.
   */
  public final boolean DETECTION_ALL_CLASSES = flag("DETECTION_ALL_CLASSES", false);

  /** Lowest probability of a mask's pixels. Matterport has 0.5 in its code. */
  public final float DETECTION_MASK_THRESHOLD =
      number("DETECTION_MASK_THRESHOLD", 0.5f, BETWEEN_ZERO_AND_ONE);

  /**
   * Whether masks are moved to edges of the photo, as far as the model leaves room for it; not in
   * Matterport's code. It costs some tenths of a millisecond an object.
   */
  public final boolean DETECTION_MASK_EDGES = flag("DETECTION_MASK_EDGES", false);

  /** The first of LRS. A source that gives only this one gives LRS too, for all stages. */
  public final float LEARNING_RATE = number("LEARNING_RATE", 0.001f);

  /** The first of MOMS. A source that gives only this one gives MOMS too, for all stages. */
  public final float LEARNING_MOMENTUM = number("LEARNING_MOMENTUM", 0.9f);

  public final float WEIGHT_DECAY = number("WEIGHT_DECAY", 0.0001f);

  /**
   * Weights of the RPN's class and box loss and of the heads' class, box and mask loss, in this
   * order; a file may give them by name, as Matterport does.
   */
  public final FloatList LOSS_WEIGHTS =
      numbers("LOSS_WEIGHTS", "one for each loss", ANY, 1f, 1f, 1f, 1f, 1f);

  /** false: the heads learn from random regions around the objects instead of proposals. */
  public final boolean USE_RPN_ROIS = flag("USE_RPN_ROIS", true);

  /**
   * Batch normalization. true: the statistics of the batch; false: frozen statistics; null
   * (Matterport's None): those of the batch in layers that are trained, else frozen ones.
   */
  public final Boolean TRAIN_BN = flagOrNull("TRAIN_BN", false);

  public final float GRADIENT_CLIP_NORM = number("GRADIENT_CLIP_NORM", 5.0f);

  // Selvage's own keys: first the stages of a training

  /** The last epoch of each stage, counted from 1 over the whole run. */
  public final IntList EPOCHS = integers("EPOCHS", atLeast(1), 1);

  /** Learning rates. */
  public final PerStage<Float> LRS = perStage("LRS", NUMBER, 0.001f);

  /** Momenta. */
  public final PerStage<Float> MOMS = perStage("MOMS", NUMBER, 0.9f);

  public final PerStage<RateDecay> LR_DECAY = perStage("LR_DECAY", RateDecay.NONE);

  /** Which layers are trained: heads, 3+, 4+, 5+, all or a regular expression over layer names. */
  public final PerStage<String> LAYERS = perStage("LAYERS", TEXT, "all");

  /** Channels of the first convolution, doubled from stage to stage; 64 in published ResNets. */
  public final int BACKBONE_WIDTH = integer("BACKBONE_WIDTH", 64, between(1, MOST_CHANNELS));

  /** Channels of the RPN's 3x3 convolution; 512 in Matterport's weight files. */
  public final int RPN_CHANNELS = integer("RPN_CHANNELS", 512, between(1, MOST_CHANNELS));

  /** Channels of the mask head's convolutions; 256 in Matterport's weight files. */
  public final int MASK_CHANNELS = integer("MASK_CHANNELS", 256, between(1, MOST_CHANNELS));

  /**
   * Where the residual blocks of resnet50 and resnet101 halve the map. true: in their first, 1x1
   * convolution, as Matterport and He et al. 2015 do; false: in the 3x3 one, as torchvision does.
   */
  public final boolean STRIDE_IN_1X1 = flag("STRIDE_IN_1X1", true);

  /** true: photos are mirrored with probability 1/2. Ignored in stages that have AUGMENTATION. */
  public final PerStage<Boolean> FLIPS = perStage("FLIPS", FLAG, false);

  /** See {@link #augmentation}, which takes FLIPS into account too. */
  public final PerStage<Augmentation> AUGMENTATION = perStage("AUGMENTATION", Augmentation.NONE);

  /** Steps at the beginning of a run over which the learning rate rises linearly to its value. */
  public final int WARMUP_STEPS = integer("WARMUP_STEPS", 0, atLeast(0));

  /**
   * Batches whose mean gradient makes one step, for the effect of a larger batch in the memory of a
   * small one. STEPS_PER_EPOCH counts steps, VALIDATION_STEPS counts batches. The losses of a batch
   * are means over its own anchors and regions.
   */
  public final int ACCUMULATION_STEPS = integer("ACCUMULATION_STEPS", 1, between(1, MOST_REGIONS));

  /**
   * true: photos without objects are left out of training, as Matterport does; false: they are
   * trained on as well, and teach that there is nothing in them.
   */
  public final boolean SKIP_EMPTY_PHOTOS = flag("SKIP_EMPTY_PHOTOS", false);

  /**
   * Above 0, an exponential moving average of the weights is validated and saved. It keeps this
   * share of itself in each step; 0.999 averages over about 1000 steps.
   */
  public final float EMA_DECAY = number("EMA_DECAY", 0f, BELOW_ONE);

  /**
   * Epochs between measurements of the mask AP on held-out photos; 0: none. The last epoch is
   * always measured. The weights of the best one are kept as mask_rcnn_NAME_best.h5.
   */
  public final int EVAL_EVERY = integer("EVAL_EVERY", 0, atLeast(0));

  /** How many of the held-out photos are measured, evenly spread; 0: all of them. */
  public final int EVAL_PHOTOS = integer("EVAL_PHOTOS", 0, atLeast(0));

  /**
   * Epochs between which TensorBoard's file gets more than curves: pictures of ground truth next to
   * detections for the same four held-out photos, and a histogram of each weight array; 0: never.
   */
  public final int TENSORBOARD_EVERY = integer("TENSORBOARD_EVERY", 0, atLeast(0));

  /** Epochs without a better mask AP after which the run ends; 0: never. Needs EVAL_EVERY. */
  public final int EARLY_STOP_EPOCHS = integer("EARLY_STOP_EPOCHS", 0, atLeast(0));

  /** The last epochs of which weights and state are kept, besides the best one; 0: all. */
  public final int KEEP_CHECKPOINTS = integer("KEEP_CHECKPOINTS", 0, atLeast(0));

  /**
   * Above 0, a photo is trained on more often if a class in it is in less than this share of the
   * training photos: sqrt(REPEAT_THRESHOLD / share) times per pass, for the rarest of its classes
   * (repeat factor sampling, Gupta et al. 2019).
   */
  public final float REPEAT_THRESHOLD = number("REPEAT_THRESHOLD", 0f, BELOW_ONE);

  /**
   * The type of feature maps, of their gradients and of the factors of matrix products. Weights,
   * sums, statistics and losses are always float32. The option --precision sets it.
   */
  public final Precision PRECISION = choice("PRECISION", Precision.F32);

  /** Share of the dataset's photos that is held out for validation. */
  public final float VALIDATION_FRACTION = number("VALIDATION_FRACTION", 0.2f, BELOW_ONE);

  /**
   * Which of the disjoint shares of size VALIDATION_FRACTION is held out, counted from 0. There are
   * five of them at 0.2.
   */
  public final int FOLD = integer("FOLD", 0, atLeast(0));

  /** Whether a photo is turned as its EXIF says where its annotations' size does not tell. */
  public final ExifMode EXIF_ORIENTATION = choice("EXIF_ORIENTATION", ExifMode.APPLY);

  /**
   * What one or more sources give, each key and value checked on its own.
   *
   * @throws dev.selvage.util.UserError an unknown key, or a value of the wrong type or out of range
   */
  Config(Map<String, Setting> given) {
    super(given);
    requireKnownKeys();
  }

  /** Matterport's defaults. */
  public static Config defaults() {
    return new SettingSources(Map.of()).config();
  }

  /**
   * The same settings except for one.
   *
   * @param value as in JSON: a number, a string, a boolean, a {@link Choice}, a list or array, or
   *     null
   * @throws dev.selvage.util.UserError as {@link ConfigReader#read}
   */
  public Config with(String key, Object value) {
    return with(Collections.singletonMap(key, value));
  }

  /** The same settings except for several, given by key as in {@link #with(String, Object)}. */
  public Config with(Map<String, ?> changes) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    changes.forEach(
        (key, value) -> settings.put(key, Setting.ofJson(key, "", JSON.valueToTree(value))));
    SettingSources sources = new SettingSources(given());
    sources.add(settings, false);
    return sources.config();
  }

  /** The side in pixels of the square images that photos become; empty if their sizes differ. */
  public OptionalInt imageSide() {
    return switch (IMAGE_RESIZE_MODE) {
      case SQUARE -> OptionalInt.of(IMAGE_MAX_DIM);
      case CROP -> OptionalInt.of(IMAGE_MIN_DIM);
      case PAD64, NONE -> OptionalInt.empty();
    };
  }

  /**
   * How photos are varied in a stage: AUGMENTATION or, where that is none, what FLIPS says.
   *
   * @param stage counted from 0
   */
  public Augmentation augmentation(int stage) {
    Augmentation augmentation = AUGMENTATION.at(stage);
    return augmentation == Augmentation.NONE && FLIPS.at(stage) ? Augmentation.FLIP : augmentation;
  }

  /** How many disjoint shares of a size there are; 1 where nothing is held out. */
  public static int folds(double fraction) {
    // a share of 1/5 has five folds although the float nearest to it is a little larger
    return fraction == 0 ? 1 : (int) (1 / fraction + 1e-6);
  }
}
