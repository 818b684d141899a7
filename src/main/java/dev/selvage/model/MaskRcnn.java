package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;

/**
 * Mask R-CNN (He et al. 2017) with a feature pyramid (Lin et al. 2017), as Matterport's Keras model
 * computes it: a backbone and pyramid shared by all, a region proposal network, and for each region
 * a box head and a mask head.
 *
 * <p>Feature maps and their gradients are stored as PRECISION says: an operation's maps have the
 * type of its input's, and the first input is the images. Logits, deltas, boxes and losses are
 * float32.
 */
public final class MaskRcnn {
  private final Config config;
  private final Parameters parameters;
  private final DType maps;
  private final ResNet backbone;
  private final Fpn fpn;
  private final Rpn rpn;
  private final Proposals proposals;
  private final BoxHead boxHead;
  private final MaskHead maskHead;
  private final Detector detector;

  /**
   * Whether the tensors of a step have rows for as many anchors and regions as there could be, so
   * that neither their shapes nor their addresses depend on how many there are, and nobody has to
   * wait for that number.
   */
  private final boolean fixed;

  /**
   * A model over parameters that stay the caller's.
   *
   * @param parameters of {@link ParameterTable#of}
   * @throws dev.selvage.util.UserError for a configuration that describes no model
   */
  public MaskRcnn(Config config, Parameters parameters) {
    // With TRAIN_BN, rows without a region would count in the mask head's statistics; and masks of
    // whole images are too large to copy those that are not used.
    this(
        config,
        parameters,
        Ops.readingWaits() && !Boolean.TRUE.equals(config.TRAIN_BN) && config.USE_MINI_MASK);
  }

  MaskRcnn(Config config, Parameters parameters, boolean fixed) {
    ModelRequirements.classes(config);
    this.fixed = fixed;
    this.config = config;
    this.parameters = parameters;
    maps = DType.valueOf(config.PRECISION.name());
    backbone =
        new ResNet(Backbone.of(config.BACKBONE), config.STRIDE_IN_1X1, parameters, config.TRAIN_BN);
    fpn = new Fpn(parameters);
    rpn = new Rpn(parameters, config.RPN_ANCHOR_RATIOS.size(), config.RPN_ANCHOR_STRIDE);
    proposals = new Proposals(config);
    boxHead = new BoxHead(parameters, config.TRAIN_BN);
    maskHead = new MaskHead(parameters, config.TRAIN_BN);
    detector = new Detector(config, boxHead, maskHead);
  }

  /**
   * A training step without the update of the weights: forward and backward. The gradients are left
   * with the trainable parameters. The weight decay counts in the total loss, but its gradient is
   * the optimizer's.
   *
   * @throws dev.selvage.util.UserError if the images' sides are not divisible by 64
   */
  public Losses step(Batch batch, StepOptions options) {
    return Scope.call(
        () -> {
          Tensor terms = Tensor.zeros(Losses.TERMS);
          step(batch, options, terms);
          return Losses.read(terms.download(), 0, config.LOSS_WEIGHTS.toArray());
        });
  }

  /**
   * The same without waiting for the device.
   *
   * @param terms [{@link Losses#TERMS}] zeros, where {@link Losses#read} finds the losses later
   */
  public void step(Batch batch, StepOptions options, Tensor terms) {
    parameters.clearGradients();
    Scope.run(
        () -> {
          try (Tape tape = Tape.withListener(true, options.listener())) {
            Tensor images = molded(batch);
            if (fixed) {
              Ops.captureGraph(
                  () -> {
                    forward(tape, pyramid(tape, images), batch, options, terms);
                    tape.backward();
                    return null;
                  });
            } else {
              forward(tape, captured(tape, images), batch, options, terms);
              tape.backward();
            }
            prefetch(options.upcoming().get());
          }
        });
  }

  /**
   * The losses of a validation step: forward only, with normalization by the moving averages. Of
   * the options only regions and listener matter.
   *
   * @throws dev.selvage.util.UserError if the images' sides are not divisible by 64
   */
  public Losses losses(Batch batch, StepOptions options) {
    return Scope.call(
        () -> {
          try (Tape tape = Tape.withListener(false, options.listener())) {
            Tensor terms = Tensor.zeros(Losses.TERMS);
            forward(tape, captured(tape, molded(batch)), batch, options, terms);
            return Losses.read(terms.download(), 0, config.LOSS_WEIGHTS.toArray());
          }
        });
  }

  /**
   * Finds objects.
   *
   * @param rgb [N,H,W,3] bytes outside the heap
   * @param windows [N] of (y1,x1,y2,x2), the part of each image that is photo, in pixels
   * @throws dev.selvage.util.UserError if the images' sides are not divisible by 64
   */
  public List<RawDetections> detect(
      BytePointer rgb, int images, int height, int width, int[][] windows) {
    return Scope.call(
        () -> {
          try (Tape tape = Tape.off()) {
            return detect(tape, captured(tape, molded(rgb, images, height, width)), windows);
          }
        });
  }

  /**
   * What the heads say about one image before any choice by score or overlap.
   *
   * @param rgb [H,W,3] bytes outside the heap
   * @param window (y1,x1,y2,x2), the part of the image that is photo, in pixels
   * @param minScore of the candidates, above 0
   * @param choice the places of the candidates to keep, which alone get masks
   * @throws dev.selvage.util.UserError if the image's sides are not divisible by 64
   */
  public Candidates candidates(
      BytePointer rgb,
      int height,
      int width,
      int[] window,
      float minScore,
      Function<Candidates, int[]> choice) {
    return Scope.call(
        () -> {
          try (Tape tape = Tape.off()) {
            Pyramid pyramid = captured(tape, molded(rgb, 1, height, width));
            Tensor proposed = proposed(pyramid).view(0, config.POST_NMS_ROIS_INFERENCE, 4);
            return detector.candidates(tape, pyramid, 0, proposed, window, minScore, choice);
          }
        });
  }

  /** What follows the pyramid at inference. */
  List<RawDetections> detect(Tape tape, Pyramid pyramid, int[][] windows) {
    int count = config.POST_NMS_ROIS_INFERENCE;
    Tensor proposed = proposed(pyramid);
    List<RawDetections> found = new ArrayList<>();
    for (int n = 0; n < windows.length; n++) {
      int imageIndex = n;
      found.add(
          Scope.call(
              () ->
                  detector.detect(
                      tape,
                      pyramid,
                      imageIndex,
                      proposed.view(4L * imageIndex * count, count, 4),
                      windows[imageIndex])));
    }
    return found;
  }

  private Tensor proposed(Pyramid pyramid) {
    return Ops.captureGraph(
        () -> propose(anchors(pyramid), config.POST_NMS_ROIS_INFERENCE, pyramid));
  }

  private void forward(Tape tape, Pyramid pyramid, Batch batch, StepOptions options, Tensor terms) {
    forward(
        tape,
        pyramid,
        batch.rpnTargets(),
        batch.truths(),
        RoiDraws.random(batch.seed(), batch.size() * config.TRAIN_ROIS_PER_IMAGE),
        options.rois() == null && !config.USE_RPN_ROIS
            ? options.withRois(randomRois(batch))
            : options,
        terms);
  }

  /** What follows the pyramid in training and validation. */
  void forward(
      Tape tape,
      Pyramid pyramid,
      RpnTargets[] rpnTargets,
      GroundTruth[] truths,
      int[] draws,
      StepOptions options,
      Tensor terms) {
    SampledAnchors anchors =
        SampledAnchors.of(rpnTargets, rpn.grids(pyramid.levels()), config.RPN_ANCHOR_RATIOS.size());
    if (fixed) {
      anchors = anchors.padded(truths.length * config.RPN_TRAIN_ANCHORS_PER_IMAGE);
    }
    Rpn.Sampled sampled = rpn.forward(tape, pyramid.levels(), anchors);

    tape.annotate("propose", "ROI");
    Tensor proposed = propose(sampled.maps(), config.POST_NMS_ROIS_TRAINING, pyramid);
    tape.annotate("detectionTargets", "proposal_targets");
    DetectionTargets targets =
        DetectionTargets.of(
            options.rois() == null ? proposed : given(options.rois(), truths.length),
            truths,
            pyramid.height(),
            pyramid.width(),
            config,
            draws);

    DeviceLosses losses =
        new DeviceLosses(tape, terms, config.LOSS_WEIGHTS.toArray(), options.lossScale());
    losses.rpnClass(sampled.logits(), anchors.labels());
    losses.rpnBbox(sampled.deltas(), anchors.deltaTargets(), anchors.labels());
    boxes(tape, pyramid, targets, losses);
    masks(tape, pyramid, targets.positives(), truths, losses);
    losses.weightDecay(parameters, config.WEIGHT_DECAY);
  }

  private static Tensor given(float[] rois, int images) {
    return Tensor.of(rois, images, rois.length / 4 / images, 4);
  }

  /** Class and box of every sampled region. */
  private void boxes(Tape tape, Pyramid pyramid, DetectionTargets targets, DeviceLosses losses) {
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, targets.boxes(), targets.imageIndices(), config.POOL_SIZE);
    BoxHead.Output output = boxHead.forward(tape, pooled);
    losses.mrcnnClass(output.logits(), targets.classIds());
    losses.mrcnnBbox(output.deltas(), targets.deltas(), targets.classIds());
  }

  /**
   * The mask of every positive region, and of none in the rows behind them where counts are fixed.
   */
  private void masks(
      Tape tape,
      Pyramid pyramid,
      DetectionTargets.Positives all,
      GroundTruth[] truths,
      DeviceLosses losses) {
    DetectionTargets.Positives positives = fixed ? all : all.counted();
    if (positives.size() == 0) {
      return;
    }
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, positives.boxes(), positives.imageIndices(), config.MASK_POOL_SIZE);
    for (Variable level : pyramid.levels()) {
      tape.release(level); // nobody reads it any more
    }
    Variable masks = maskHead.forward(tape, pooled, positives.classIds());
    tape.annotate("maskTargets", "mask_targets");
    int side = 2 * config.MASK_POOL_SIZE;
    losses.mrcnnMask(
        masks,
        fixed
            ? MaskTargets.ofAll(positives, truths, side, truths.length * config.MAX_GT_INSTANCES)
            : MaskTargets.ofUsed(positives, truths, side),
        positives.classIds());
  }

  /** C2..C5 of images [N,H,W,3]. */
  Variable[] stages(Tape tape, Tensor images) {
    return backbone.forward(tape, tape.constant(images));
  }

  /** P2..P6 of images [N,H,W,3]. */
  Pyramid pyramid(Tape tape, Tensor images) {
    Variable[] stages = stages(tape, images);
    Variable[] levels = fpn.forward(tape, stages);
    for (Variable stage : stages) {
      tape.release(stage);
    }
    return new Pyramid(levels, Math.toIntExact(images.dim(1)), Math.toIntExact(images.dim(2)));
  }

  private Pyramid captured(Tape tape, Tensor images) {
    return Ops.captureGraph(() -> pyramid(tape, images));
  }

  /** Logits and deltas of every anchor. */
  Rpn.Maps anchors(Pyramid pyramid) {
    return rpn.forward(pyramid.levels());
  }

  /** Proposals [N,count,4] of what the RPN says. */
  Tensor propose(Rpn.Maps anchors, int count, Pyramid pyramid) {
    return proposals.propose(anchors, count, pyramid.height(), pyramid.width());
  }

  private Tensor molded(Batch batch) {
    return molded(batch.rgb(), batch.size(), batch.height(), batch.width());
  }

  private Tensor molded(BytePointer rgb, int images, int height, int width) {
    ModelRequirements.imageSize(height, width);
    return Ops.moldImages(maps, rgb, images, height, width, config.MEAN_PIXEL.toArray());
  }

  private float[] randomRois(Batch batch) {
    return RandomRois.of(
        batch.truths(), config.POST_NMS_ROIS_TRAINING, batch.height(), batch.width(), batch.seed());
  }

  private static void prefetch(Batch next) {
    if (next != null) {
      Ops.prefetchImages(next.rgb(), 3L * next.size() * next.height() * next.width());
    }
  }
}
