package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.TapeListener;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.geometry.Boxes;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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
  private double lossScale = 1;

  /**
   * A model over parameters that stay the caller's.
   *
   * @param parameters of {@link ParameterTable#of}
   * @throws dev.selvage.util.UserError for a configuration that describes no model
   */
  public MaskRcnn(Config config, Parameters parameters) {
    ConfigCheck.check(config);
    this.config = config;
    this.parameters = parameters;
    maps = DType.of(config.PRECISION);
    backbone =
        new ResNet(Backbone.of(config.BACKBONE), config.STRIDE_IN_1X1, parameters, config.TRAIN_BN);
    fpn = new Fpn(parameters);
    rpn = new Rpn(parameters, config.RPN_ANCHOR_RATIOS.length, config.RPN_ANCHOR_STRIDE);
    proposals = new Proposals(config);
    boxHead = new BoxHead(parameters, config.TRAIN_BN);
    maskHead = new MaskHead(parameters, config.TRAIN_BN);
  }

  /**
   * Multiplies the gradients of all steps from now on, so that short types do not round them to
   * zero; the losses that are returned stay what they are.
   */
  public void setLossScale(double factor) {
    lossScale = factor;
  }

  /**
   * Forward and backward: the losses are returned, the gradients left with the trainable parameters
   * in place of older ones. The weight decay counts in the total but its gradient is the
   * optimiser's.
   *
   * @throws dev.selvage.util.UserError if the images' sides are not divisible by 64
   */
  public Losses step(Batch batch) {
    return step(batch, (float[]) null);
  }

  /** The same while somebody looks at every value and gradient, which takes longer. */
  public Losses step(Batch batch, TapeListener watch) {
    return step(batch, null, watch);
  }

  /**
   * The same with regions from outside in place of the proposals, which are computed all the same.
   *
   * @param regions [N,count,4] flat, normalized, zero padded
   */
  public Losses step(Batch batch, float[] regions) {
    parameters.clearGradients();
    return accumulate(Tape.recording(), batch, regions);
  }

  /** Regions from outside, and somebody who looks. */
  public Losses step(Batch batch, float[] regions, TapeListener watch) {
    parameters.clearGradients();
    return accumulate(Tape.withListener(true, watch), batch, regions);
  }

  /**
   * Forward and backward as {@link #step(Batch)}, but gradients that are there are added to.
   *
   * @param upcoming the batch after this one, or null where it is not known yet; asked when the
   *     device has all its work, so that the photos reach it meanwhile
   */
  public Losses accumulate(Batch batch, Supplier<Batch> upcoming) {
    return learn(Tape.recording(), batch, null, upcoming);
  }

  /** Forward only, for validation: the losses, with normalization by the moving averages. */
  public Losses losses(Batch batch) {
    return judge(Tape.off(), batch);
  }

  /** The same while somebody looks at every value, which takes longer. */
  public Losses losses(Batch batch, TapeListener watch) {
    return judge(Tape.withListener(false, watch), batch);
  }

  private Losses judge(Tape off, Batch batch) {
    return Scope.call(
        () -> {
          try (Tape tape = off) {
            return forward(tape, batch, null).read();
          }
        });
  }

  Losses accumulate(Tape recording, Batch batch, float[] regions) {
    return learn(recording, batch, regions, () -> null);
  }

  private Losses learn(Tape recording, Batch batch, float[] regions, Supplier<Batch> upcoming) {
    return Scope.call(
        () -> {
          try (Tape tape = recording) {
            DeviceLosses losses = forward(tape, batch, regions);
            tape.backward();
            Batch next = upcoming.get();
            if (next != null) {
              Ops.prefetchImages(next.rgb(), 3L * next.size() * next.height() * next.width());
            }
            return losses.read();
          }
        });
  }

  private DeviceLosses forward(Tape tape, Batch batch, float[] given) {
    int height = batch.height();
    int width = batch.width();
    float[] regions =
        given != null || config.USE_RPN_ROIS
            ? given
            : RandomRois.of(
                batch.truths(), config.POST_NMS_ROIS_TRAINING, height, width, batch.seed());
    Variable[] pyramid = pyramid(tape, molded(batch.rgb(), batch.size(), height, width));
    return forward(
        tape,
        pyramid,
        height,
        width,
        batch.rpnTargets(),
        batch.truths(),
        regions,
        RoiSampler.random(batch.seed()));
  }

  /** What follows the pyramid in training. */
  DeviceLosses forward(
      Tape tape,
      Variable[] pyramid,
      int height,
      int width,
      RpnTargets[] rpnTargets,
      GroundTruth[] truths,
      float[] regions,
      RoiSampler sampler) {
    SampledAnchors anchors =
        SampledAnchors.of(rpnTargets, rpn.grids(pyramid), config.RPN_ANCHOR_RATIOS.length);
    Rpn.Sampled sampled = rpn.forward(tape, pyramid, anchors);
    tape.annotate("propose", "ROI");
    Tensor proposed =
        proposals.propose(sampled.maps(), config.POST_NMS_ROIS_TRAINING, height, width);
    tape.annotate("detectionTargets", "proposal_targets");
    DetectionTargets targets =
        DetectionTargets.of(
            regions == null ? proposed.download() : regions,
            truths,
            height,
            width,
            config,
            sampler);
    return losses(tape, pyramid, sampled, anchors, targets, truths, height, width);
  }

  private DeviceLosses losses(
      Tape tape,
      Variable[] pyramid,
      Rpn.Sampled sampled,
      SampledAnchors anchors,
      DetectionTargets targets,
      GroundTruth[] truths,
      int height,
      int width) {
    DeviceLosses terms = new DeviceLosses(config.LOSS_WEIGHTS);
    float[] weights = new float[config.LOSS_WEIGHTS.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (lossScale * config.LOSS_WEIGHTS[i]);
    }
    tape.annotate("softmaxCrossEntropy", "rpn_class_loss");
    LossLayer.crossEntropy(terms.rpnClass(), sampled.logits(), anchors.labels(), weights[0]);
    tape.annotate("smoothL1", "rpn_bbox_loss");
    LossLayer.smoothL1(terms.rpnBbox(), sampled.deltas(), anchors.deltaTargets(), weights[1]);

    Variable pooled =
        PyramidRoiAlign.forward(
            tape,
            pyramid,
            targets.boxes(),
            targets.imageIndices(),
            config.POOL_SIZE,
            height,
            width);
    BoxHead.Output boxes = boxHead.forward(tape, pooled);
    tape.annotate("softmaxCrossEntropy", "mrcnn_class_loss");
    LossLayer.crossEntropy(terms.mrcnnClass(), boxes.logits(), targets.classIds(), weights[2]);
    Variable deltas = BoxHead.deltasOf(tape, boxes, targets.positives(), targets.positiveClasses());
    tape.annotate("smoothL1", "mrcnn_bbox_loss");
    LossLayer.smoothL1(terms.mrcnnBbox(), deltas, targets.deltas(), weights[3]);

    if (targets.positives().length > 0) {
      Variable maskPooled =
          PyramidRoiAlign.forward(
              tape,
              pyramid,
              targets.positiveBoxes(),
              targets.positiveImages(),
              config.MASK_POOL_SIZE,
              height,
              width);
      Variable masks = maskHead.forward(tape, maskPooled, targets.positiveClasses());
      tape.annotate("maskTargets", "mask_targets");
      Tensor trueMasks = maskTargets(targets, truths);
      tape.annotate("maskLoss", "mrcnn_mask_loss");
      LossLayer.mask(terms.mrcnnMask(), masks, trueMasks, weights[4]);
    }

    tape.annotate("l2", "weight_decay_loss");
    Sgd.penalty(terms.penalty(), parameters, config.WEIGHT_DECAY);
    return terms;
  }

  /**
   * Finds objects.
   *
   * @param rgb [N,H,W,3] bytes outside the heap
   * @param windows [N] of (y1,x1,y2,x2), the part of each image that is photo, in pixels
   */
  public List<RawDetections> detect(
      BytePointer rgb, int images, int height, int width, int[][] windows) {
    return Scope.call(
        () -> {
          try (Tape tape = Tape.off()) {
            return detect(
                tape, pyramid(tape, molded(rgb, images, height, width)), windows, height, width);
          }
        });
  }

  List<RawDetections> detect(
      Tape tape, Variable[] pyramid, int[][] windows, int height, int width) {
    int count = config.POST_NMS_ROIS_INFERENCE;
    Tensor proposed =
        Ops.captureGraph(() -> proposals.propose(rpn.forward(pyramid), count, height, width));
    List<RawDetections> found = new ArrayList<>();
    for (int n = 0; n < windows.length; n++) {
      int imageIndex = n;
      found.add(
          Scope.call(
              () -> {
                Tensor rois = proposed.view(4L * imageIndex * count, count, 4);
                return detectOne(
                    tape, pyramid, imageIndex, rois, windows[imageIndex], height, width);
              }));
    }
    return found;
  }

  private RawDetections detectOne(
      Tape tape,
      Variable[] pyramid,
      int imageIndex,
      Tensor rois,
      int[] window,
      int height,
      int width) {
    int[] imageIndices = new int[Math.toIntExact(rois.dim(0))];
    Arrays.fill(imageIndices, imageIndex);
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, rois.download(), imageIndices, config.POOL_SIZE, height, width);
    BoxHead.Output output = boxHead.forward(tape, pooled);
    Tensor refined =
        Ops.refineDetections(
            rois,
            Ops.softmax(output.logits().value()),
            output.deltas().value().reshape(rois.dim(0), config.NUM_CLASSES, 4),
            Boxes.toFloat(Boxes.normalize(Boxes.ofPixels(window), height, width)),
            config.DETECTION_MAX_INSTANCES,
            config.DETECTION_MIN_CONFIDENCE,
            config.DETECTION_NMS_THRESHOLD,
            config.BBOX_STD_DEV);
    return masksOf(tape, pyramid, imageIndex, refined.download(), height, width);
  }

  private RawDetections masksOf(
      Tape tape, Variable[] pyramid, int imageIndex, float[] rows, int height, int width) {
    int count = 0;
    while (6 * count < rows.length && rows[6 * count + 4] > 0) {
      count++;
    }
    float[] boxes = new float[4 * count];
    int[] classIds = new int[count];
    float[] scores = new float[count];
    int[] imageIndices = new int[count];
    Arrays.fill(imageIndices, imageIndex);
    for (int i = 0; i < count; i++) {
      System.arraycopy(rows, 6 * i, boxes, 4 * i, 4);
      classIds[i] = (int) rows[6 * i + 4];
      scores[i] = rows[6 * i + 5];
    }
    int side = 2 * config.MASK_POOL_SIZE;
    if (count == 0) {
      return new RawDetections(boxes, classIds, scores, new float[0], side);
    }
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, boxes, imageIndices, config.MASK_POOL_SIZE, height, width);
    Variable logits = maskHead.forward(tape, pooled, classIds);
    return new RawDetections(boxes, classIds, scores, Ops.sigmoid(logits.value()).download(), side);
  }

  private Tensor molded(BytePointer rgb, int images, int height, int width) {
    ConfigCheck.imageSize(height, width);
    return Ops.moldImages(maps, rgb, images, height, width, config.MEAN_PIXEL);
  }

  /** Logits and deltas of every anchor. */
  Rpn.Maps anchors(Variable[] pyramid) {
    return rpn.forward(pyramid);
  }

  Tensor propose(Rpn.Maps maps, int count, int height, int width) {
    return proposals.propose(maps, count, height, width);
  }

  /** P2..P6 of images [N,H,W,3]. */
  Variable[] pyramid(Tape tape, Tensor images) {
    return Ops.captureGraph(
        () -> {
          Variable[] stages = stages(tape, images);
          Variable[] pyramid = fpn.forward(tape, stages);
          for (Variable stage : stages) {
            tape.release(stage);
          }
          return pyramid;
        });
  }

  /** C2..C5 of images [N,H,W,3]. */
  Variable[] stages(Tape tape, Tensor images) {
    return backbone.forward(tape, tape.constant(images));
  }

  /** The true masks of the positive regions, [P,S,S]. Only those of their objects are uploaded. */
  Tensor maskTargets(DetectionTargets targets, GroundTruth[] truths) {
    int[] used = Arrays.stream(targets.maskIndices()).sorted().distinct().toArray();
    int height = truths[0].maskHeight();
    int width = truths[0].maskWidth();
    int cells = height * width;
    float[] masks = new float[used.length * cells];
    int at = 0;
    int before = 0; // objects of the images before
    for (GroundTruth truth : truths) {
      for (; at < used.length && used[at] < before + truth.size(); at++) {
        int from = (used[at] - before) * cells;
        for (int i = 0; i < cells; i++) {
          masks[at * cells + i] = truth.masks()[from + i];
        }
      }
      before += truth.size();
    }
    int positives = targets.positives().length;
    return Ops.maskTargets(
        Tensor.of(masks, used.length, height, width),
        Tensor.of(targets.maskBoxes(), positives, 4),
        Arrays.stream(targets.maskIndices())
            .map(object -> Arrays.binarySearch(used, object))
            .toArray(),
        2 * config.MASK_POOL_SIZE);
  }
}
