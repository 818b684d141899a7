package dev.selvage.config;

import java.util.List;

/**
 * Every setting of a model and of its training, under Matterport's own names and with its defaults;
 * the keys that Matterport lacks come last. Filled by {@link ConfigReader} from a preset, a file
 * and {@code --set}; read-only afterwards.
 */
public final class Config {
  // Matterport's keys
  public String NAME = "selvage";
  public int GPU_COUNT = 1;
  public int IMAGES_PER_GPU = 2;
  public int STEPS_PER_EPOCH = 1000;
  public int VALIDATION_STEPS = 50;

  /**
   * resnet50 or resnet101; resnet18 and resnet34 are smaller members of the same family (basic
   * blocks).
   */
  public String BACKBONE = "resnet101";

  public int[] BACKBONE_STRIDES = {4, 8, 16, 32, 64};
  public int FPN_CLASSIF_FC_LAYERS_SIZE = 1024;
  public int TOP_DOWN_PYRAMID_SIZE = 256;

  /** Background included; set from the dataset. */
  public int NUM_CLASSES = 1;

  public int[] RPN_ANCHOR_SCALES = {32, 64, 128, 256, 512};

  /** Width / height. */
  public float[] RPN_ANCHOR_RATIOS = {0.5f, 1f, 2f};

  /** Cells of a level's map between neighbouring anchors. */
  public int RPN_ANCHOR_STRIDE = 1;

  public float RPN_NMS_THRESHOLD = 0.7f;
  public int RPN_TRAIN_ANCHORS_PER_IMAGE = 256;
  public int PRE_NMS_LIMIT = 6000;
  public int POST_NMS_ROIS_TRAINING = 2000;
  public int POST_NMS_ROIS_INFERENCE = 1000;

  /**
   * Whether a true mask is kept inside its box, at MINI_MASK_SHAPE. False keeps it as large as the
   * resized photo: as exact as can be, at 4 bytes a pixel and object while a step runs.
   */
  public boolean USE_MINI_MASK = true;

  /** Height, width. */
  public int[] MINI_MASK_SHAPE = {56, 56};

  /** square, pad64, none or crop. */
  public String IMAGE_RESIZE_MODE = "square";

  public int IMAGE_MIN_DIM = 800;
  public int IMAGE_MAX_DIM = 1024;
  public float IMAGE_MIN_SCALE = 0f;

  /** Red, green, blue; Matterport has no other model either. */
  public int IMAGE_CHANNEL_COUNT = 3;

  public float[] MEAN_PIXEL = {123.7f, 116.8f, 103.9f};
  public int TRAIN_ROIS_PER_IMAGE = 200;
  public float ROI_POSITIVE_RATIO = 0.33f;
  public int POOL_SIZE = 7;
  public int MASK_POOL_SIZE = 14;

  /** Height, width. */
  public int[] MASK_SHAPE = {28, 28};

  public int MAX_GT_INSTANCES = 100;
  public float[] RPN_BBOX_STD_DEV = {0.1f, 0.1f, 0.2f, 0.2f};
  public float[] BBOX_STD_DEV = {0.1f, 0.1f, 0.2f, 0.2f};
  public int DETECTION_MAX_INSTANCES = 100;
  public float DETECTION_MIN_CONFIDENCE = 0.7f;
  public float DETECTION_NMS_THRESHOLD = 0.3f;

  /** LRS with one value for all stages; the later of the two wins. So are momentum and MOMS. */
  public float LEARNING_RATE = 0.001f;

  public float LEARNING_MOMENTUM = 0.9f;
  public float WEIGHT_DECAY = 0.0001f;

  static final List<String> LOSSES =
      List.of(
          "rpn_class_loss",
          "rpn_bbox_loss",
          "mrcnn_class_loss",
          "mrcnn_bbox_loss",
          "mrcnn_mask_loss");

  /** In the order of {@link #LOSSES}; a file may name them, as Matterport does. */
  public float[] LOSS_WEIGHTS = {1f, 1f, 1f, 1f, 1f};

  /** false: the heads learn from random regions around the objects in place of proposals. */
  public boolean USE_RPN_ROIS = true;

  /**
   * true: batch statistics; false: frozen statistics; null (None): as Matterport, the layer's own
   * mode.
   */
  public Boolean TRAIN_BN = false;

  public float GRADIENT_CLIP_NORM = 5.0f;

  // Selvage's keys: the stage table (a single value is one stage) and what from-scratch training
  // needs
  /** Cumulative epoch at which each stage ends. */
  public int[] EPOCHS = {1};

  public float[] LRS = {0.001f};
  public float[] MOMS = {0.9f};

  /**
   * For each stage none, cosine (falls to zero within the stage) or run_cosine (falls to zero
   * within the run).
   */
  public String[] LR_DECAY = {"none"};

  /** For each stage heads, 3+, 4+, 5+, all or a regular expression over layer names. */
  public String[] LAYERS = {"all"};

  /** Channels of the first convolution, doubled from stage to stage; 64 in published ResNets. */
  public int BACKBONE_WIDTH = 64;

  /**
   * Of the RPN's 3x3 convolution. Matterport's 512 is what its weight files have; fewer are faster.
   */
  public int RPN_CHANNELS = 512;

  /** Of the mask head's convolutions; 256 in Matterport's weight files. */
  public int MASK_CHANNELS = 256;

  /**
   * Where the residual blocks of resnet50 and resnet101 halve the map: in their first, 1x1
   * convolution, as Matterport and He et al. 2015 do, or in the 3x3 one, as torchvision does.
   */
  public boolean STRIDE_IN_1X1 = true;

  /**
   * For each stage: false none, true horizontal flip with probability 1/2. Counts in the stages
   * whose AUGMENTATION is none.
   */
  public boolean[] FLIPS = {false};

  /**
   * For each stage none, flip, seed or strong: how photos are varied. flip is what FLIPS does; seed
   * mirrors, crops, scales, moves, turns and slants a little and changes the colours; strong scales
   * by large factors and pastes objects of another photo besides.
   */
  public String[] AUGMENTATION = {"none"};

  /** Steps over which the learning rate rises linearly to its value at the beginning of a run. */
  public int WARMUP_STEPS = 0;

  /**
   * Batches whose mean gradient makes one step: what a batch of as many times the images would
   * give, in the memory of one. STEPS_PER_EPOCH counts steps, VALIDATION_STEPS batches. Each
   * batch's losses are means over its own anchors and regions.
   */
  public int ACCUMULATION_STEPS = 1;

  /**
   * true: photos that show no object are left out of training, as Matterport does; false: they are
   * trained on, and teach that there is nothing in them.
   */
  public boolean SKIP_EMPTY_PHOTOS = false;

  /**
   * Above 0, the weights that are validated and saved are an exponential moving average over the
   * steps, which keeps this share of itself in each; 0.999 averages over about 1000 steps.
   */
  public float EMA_DECAY = 0f;

  /**
   * Epochs between measurements of the mask AP on photos held out, of which the best one's weights
   * are kept as mask_rcnn_NAME_best.h5; 0 for none. The last epoch is always measured.
   */
  public int EVAL_EVERY = 0;

  /** Photos held out that are measured on, evenly spread; 0 for all of them. */
  public int EVAL_PHOTOS = 0;

  /**
   * Epochs between which TensorBoard's file gets more than curves: pictures of truth beside result
   * in four photos held out, always the same, and a histogram of each of the layers' arrays; 0 for
   * never.
   */
  public int TENSORBOARD_EVERY = 0;

  /** Epochs without a better mask AP after which the run ends; 0 for never. */
  public int EARLY_STOP_EPOCHS = 0;

  /** Epochs of which weights and state are kept, the best one's weights aside; 0 for all. */
  public int KEEP_CHECKPOINTS = 0;

  /**
   * Above 0, photos of classes that less than this share of the training photos show are trained on
   * more often: sqrt(REPEAT_THRESHOLD / share) times a pass, of a photo's classes the rarest
   * counts.
   */
  public float REPEAT_THRESHOLD = 0f;

  /**
   * f32, or bf16 (f16 on a GPU): what feature maps and their gradients are stored as and products
   * are formed from. Weights, sums, statistics and losses are float32 always. The option
   * --precision sets it.
   */
  public String PRECISION = "f32";

  /** Share of the dataset's photos held out for validation, in 0..1. */
  public float VALIDATION_FRACTION = 0.2f;

  /** The same settings, to be changed on their own; what a list holds is shared. */
  public Config copy() {
    Config copy = new Config();
    ConfigKeys.copy(this, copy);
    return copy;
  }

  /**
   * Which of the disjoint shares of that size is held out, from 0; there are five of them at 0.2.
   */
  public int FOLD = 0;

  /** How many disjoint shares of a size there are; 1 where nothing is held out. */
  public static int folds(double fraction) {
    // a share of 1/5 has five folds although the float nearest to it is a little larger
    return fraction == 0 ? 1 : (int) (1 / fraction + 1e-6);
  }
}
