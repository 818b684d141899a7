package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.Conv;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The region proposal network (Ren et al. 2015, section 3.1) over all pyramid levels. Forward it is
 * dense. Backward it is sparse: at most RPN_TRAIN_ANCHORS_PER_IMAGE anchors of an image carry loss,
 * so gradients are computed for their cells and the 3x3 patches around them only, with the same
 * result.
 */
final class Rpn {
  /**
   * The outputs of the network.
   *
   * @param logits [N,A,2] background, object; anchors in the order level, row, column, ratio
   * @param deltas [N,A,4]
   */
  record Maps(Tensor logits, Tensor deltas) {}

  /**
   * The outputs for the sampled anchors, with gradients.
   *
   * @param logits [sampled,2]
   * @param deltas [sampled,4]
   */
  record Sampled(Maps maps, Variable logits, Variable deltas) {}

  /**
   * What the backward pass needs of the sampled cells.
   *
   * @param hidden [rows,RPN_CHANNELS]
   * @param patches [rows,9 C]
   */
  private record Cells(SampledAnchors sample, Tensor hidden, Tensor patches) {}

  private final Conv shared;
  private final Conv classRaw;
  private final Conv bboxPred;
  private final int ratios;
  private final int stride;
  private final long channels;

  /**
   * @param ratios anchors of a cell
   * @param stride RPN_ANCHOR_STRIDE
   */
  Rpn(Parameters parameters, int ratios, int stride) {
    this.shared = new Conv(parameters, "rpn_conv_shared", 1, 1, true);
    this.classRaw = new Conv(parameters, "rpn_class_raw", 1, 0, false);
    this.bboxPred = new Conv(parameters, "rpn_bbox_pred", 1, 0, false);
    this.ratios = ratios;
    this.stride = stride;
    channels = shared.bias().size();
  }

  /** The anchors' cells at each level of a pyramid P2..P6. */
  AnchorGrid[] grids(Variable[] pyramid) {
    return Stream.of(pyramid)
        .map(Variable::value)
        .map(p -> new AnchorGrid(Math.toIntExact(p.dim(1)), Math.toIntExact(p.dim(2)), stride))
        .toArray(AnchorGrid[]::new);
  }

  /** Every anchor. */
  Maps forward(Variable[] pyramid) {
    return dense(pyramid, grids(pyramid), null);
  }

  /** Every anchor's values, and gradients for the sampled ones. */
  Sampled forward(Tape tape, Variable[] pyramid, SampledAnchors sample) {
    long in = pyramid[0].value().lastDim();
    DType type = pyramid[0].value().type();
    tape.annotate("convBlock", shared.kernel().layer());
    Cells sampled =
        new Cells(
            sample,
            Tensor.zeros(type, sample.rows(), channels), // for rows without a cell
            Tensor.zeros(type, sample.rows(), 9 * in));
    Maps maps = dense(pyramid, sample.grids(), sampled);
    Variable cells = sampledHidden(tape, pyramid, sampled);
    Tensor logits = Tensor.zeros(sample.labels().length, 2);
    Tensor deltas = Tensor.zeros(sample.labels().length, 4);
    Ops.gatherRows(logits, flat(maps.logits(), 2), sample.anchorRows());
    Ops.gatherRows(deltas, flat(maps.deltas(), 4), sample.anchorRows());
    return new Sampled(
        maps,
        sampledOutput(tape, classRaw, cells, logits, sample.anchorSlots()),
        sampledOutput(tape, bboxPred, cells, deltas, sample.anchorSlots()));
  }

  /** Fills the sampled cells, too, unless they are null. */
  private Maps dense(Variable[] pyramid, AnchorGrid[] grids, Cells sampled) {
    long images = pyramid[0].value().dim(0);
    long anchors = 0;
    for (AnchorGrid grid : grids) {
      anchors += (long) grid.cells() * ratios;
    }
    Tensor logits = Tensor.allocate(images, anchors, 2);
    Tensor deltas = Tensor.allocate(images, anchors, 4);
    Maps maps = new Maps(logits, deltas);
    // What is derived from the weights is made once for all levels.
    Scope.run(
        () -> {
          Tensor kernel = shared.kernel(pyramid[0].value().type());
          shared.kernel().whileConstant(() -> fill(maps, pyramid, grids, kernel, sampled));
        });
    return maps;
  }

  /** Computes the maps level by level, and what {@link #dense} fills. */
  private void fill(
      Maps maps, Variable[] pyramid, AnchorGrid[] grids, Tensor kernel, Cells sampled) {
    Tensor logits = maps.logits();
    Tensor deltas = maps.deltas();
    long images = logits.dim(0);
    long first = 0;
    for (int level = 0; level < pyramid.length; level++) {
      int l = level;
      long offset = first;
      Scope.run(
          () -> {
            Tensor p = pyramid[l].value();
            long h = grids[l].rows();
            long w = grids[l].columns();
            Tensor y = Tensor.allocate(p.type(), images, h, w, channels);
            hiddenInto(y, p, grids[l], kernel);
            Ops.rpnHeads(
                logits,
                deltas,
                offset,
                y,
                classRaw.kernel().value(),
                classRaw.bias().value(),
                bboxPred.kernel().value(),
                bboxPred.bias().value());
            if (sampled != null) {
              SampledAnchors sample = sampled.sample();
              int[] positions = sample.positions()[l];
              Ops.gatherRows(rowsOf(sample, l, sampled.hidden()), flat(y, channels), positions);
              Ops.gatherPatches(
                  rowsOf(sample, l, sampled.patches()), p, grids[l].centres(positions));
            }
          });
      first += (long) grids[level].cells() * ratios;
    }
  }

  /** The hidden layer of every cell: [N,rows,columns,RPN_CHANNELS]. */
  private void hiddenInto(Tensor y, Tensor p, AnchorGrid grid, Tensor kernel) {
    if (stride == 1) {
      shared.forwardInto(y, p, kernel);
      return;
    }
    // One image at a time, since the patches are nine times as large as what they are taken from.
    for (int n = 0; n < p.dim(0); n++) {
      int before = n * grid.cells();
      Scope.run(
          () -> {
            Tensor patches = Tensor.allocate(p.type(), grid.cells(), 9 * p.lastDim());
            int[] cells = IntStream.range(before, before + grid.cells()).toArray();
            Ops.gatherPatches(patches, p, grid.centres(cells));
            Ops.matmul(
                y.view(before * channels, grid.cells(), channels),
                patches,
                flat(kernel, channels),
                shared.bias().value(),
                false,
                false,
                true);
          });
    }
  }

  /** The hidden layer at the sampled cells, [cells,RPN_CHANNELS]. */
  private Variable sampledHidden(Tape tape, Variable[] pyramid, Cells sampled) {
    SampledAnchors sample = sampled.sample();
    Tensor patches = sampled.patches();
    Parameter kernel = shared.kernel();
    Parameter bias = shared.bias();
    AnchorGrid[] grids = sample.grids();
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    boolean passesOn = pyramid[0].requiresGrad();
    tape.annotate("convBlock", kernel.layer());
    if (!learns && !passesOn) {
      return tape.constant(sampled.hidden());
    }
    return tape.record(
        sampled.hidden(),
        true,
        dy -> {
          if (learns) {
            Tensor dw = kernel.beginGradient();
            Tensor db = bias.beginGradient();
            Ops.matmul(flat(dw, channels), patches, dy, null, true, false, false);
            Ops.sumRows(db, dy);
            kernel.endGradient(dw);
            bias.endGradient(db);
          }
          if (passesOn) {
            Tensor dpatches = Tensor.allocate(patches.type(), patches.shape());
            Ops.matmul(dpatches, dy, flat(kernel.value(), channels), null, false, true, false);
            for (int l = 0; l < pyramid.length; l++) {
              Ops.scatterAddPatches(
                  pyramid[l].gradientToAddInto(),
                  rowsOf(sample, l, dpatches),
                  grids[l].centres(sample.positions()[l]));
            }
          }
        },
        patches);
  }

  /**
   * An output layer at the sampled anchors.
   *
   * @param values [sampled,width], taken from the dense pass
   * @param slots the anchors as rows of [cells ratios,width]
   */
  private Variable sampledOutput(
      Tape tape, Conv layer, Variable cells, Tensor values, int[] slots) {
    Parameter kernel = layer.kernel();
    Parameter bias = layer.bias();
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    tape.annotate("convBlock", kernel.layer());
    if (!learns && !cells.requiresGrad()) {
      return tape.constant(values);
    }
    long width = values.lastDim();
    long out = kernel.shape()[3];
    return tape.record(
        values,
        dy -> {
          Tensor hidden = cells.value();
          Tensor draw = Tensor.zeros(hidden.dim(0), out);
          Ops.scatterAddRows(draw.reshape(hidden.dim(0) * ratios, width), dy, slots);
          if (learns) {
            Tensor dw = kernel.beginGradient();
            Tensor db = bias.beginGradient();
            Ops.matmul(flat(dw, out), hidden, draw, null, true, false, false);
            Ops.sumRows(db, draw);
            kernel.endGradient(dw);
            bias.endGradient(db);
          }
          if (cells.requiresGrad()) {
            Tensor dhidden = Tensor.allocate(hidden.type(), hidden.shape());
            Ops.matmul(dhidden, draw, flat(kernel.value(), out), null, false, true, false);
            cells.addGradient(dhidden);
          }
        },
        cells.value());
  }

  private static Tensor rowsOf(SampledAnchors sample, int level, Tensor matrix) {
    long width = matrix.lastDim();
    return matrix.view(sample.firstRow()[level] * width, sample.positions()[level].length, width);
  }

  private static Tensor flat(Tensor x, long width) {
    return x.reshape(x.size() / width, width);
  }
}
