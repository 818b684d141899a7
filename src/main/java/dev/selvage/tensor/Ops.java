package dev.selvage.tensor;

import dev.selvage.runtime.Native;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;

/**
 * The native operations on {@link Tensor}s. A function that returns a tensor works out its shape
 * and allocates it in the current scope; one that takes an output first writes into it. {@code
 * selvage.h} has the meaning of each and the paper that it comes from. Shapes that do not fit raise
 * {@link dev.selvage.runtime.NativeException} with the operation, the argument, what it needs and
 * what it has.
 */
public final class Ops {
  /** Numbers that say where a layer with folded normalization lies. */
  private static final int FOLDED = 8;

  /** Numbers that say where a kernel lies. */
  private static final int KERNEL = 6;

  /** What the device prefetches, until images are molded. */
  private static BytePointer prefetched;

  private Ops() {}

  /**
   * Computes operations that are likely to come again on tensors at the same addresses. A GPU
   * records them as CUDA graphs, and then starts each graph with one call. The results are the same
   * if other operations come.
   */
  public static <T> T captureGraph(Supplier<T> body) {
    Native.beginGraph();
    try {
      return body.get();
    } finally {
      Native.endGraph();
    }
  }

  /** Whether a profiler takes the names of ranges. */
  public static boolean profiled() {
    return Native.profiled();
  }

  /** Begins a range that a profiler shows above what runs in it; ranges nest. */
  public static void beginRange(String name) {
    Native.beginRange(name);
  }

  public static void endRange() {
    Native.endRange();
  }

  /** Whether to read a tensor is to wait for a device. */
  public static boolean readingWaits() {
    return !Native.selectedDevice().getString().equals("cpu");
  }

  /** Whether convolutions of short maps take kernels of the maps' type, and then round nothing. */
  public static boolean takesShortWeights() {
    return readingWaits();
  }

  /** Whether the gradients of convolutions' inputs are faster with transposed kernels. */
  public static boolean takesTransposedKernels() {
    return readingWaits();
  }

  /** A list of regions as operations take it: [values.length]. */
  public static Tensor list(int... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return Tensor.of(floats, floats.length);
  }

  // ---- elementwise
  // ------------------------------------------------------------------------------------------------

  public static Tensor copy(Tensor x) {
    Tensor y = Tensor.allocate(x.type(), x.shape());
    copy(y, x);
    return y;
  }

  /** x as another type, rounded to the nearest. */
  public static Tensor cast(Tensor x, DType type) {
    Tensor y = Tensor.allocate(type, x.shape());
    cast(y, x);
    return y;
  }

  /** y = x, rounded to y's type. */
  public static void cast(Tensor y, Tensor x) {
    if (y.size() > 0) {
      Native.cast(y.handle(), x.handle());
    }
  }

  /** y = x. */
  public static void copy(Tensor y, Tensor x) {
    if (y.size() > 0) {
      Native.copy(y.handle(), x.handle());
    }
  }

  /** y += x. */
  public static void add(Tensor y, Tensor x) {
    if (y.size() > 0) {
      Native.add(y.handle(), x.handle());
    }
  }

  /** y *= factor. */
  public static void scale(Tensor y, float factor) {
    if (y.size() > 0) {
      Native.scale(y.handle(), factor);
    }
  }

  /** y += share (x - y): a moving average takes up one more value. */
  public static void average(Tensor y, Tensor x, float share) {
    if (y.size() > 0) {
      Native.average(y.handle(), x.handle(), share);
    }
  }

  public static double sumSquares(Tensor x) {
    return x.size() == 0 ? 0 : Native.sumSquares(x.handle());
  }

  public static double sum(Tensor x) {
    return x.size() == 0 ? 0 : Native.sum(x.handle());
  }

  public static boolean allFinite(Tensor x) {
    return x.size() == 0 || Native.allFinite(x.handle());
  }

  /** dy where y &gt; 0, else 0, written over dy. */
  public static void reluGradInPlace(Tensor dy, Tensor y) {
    if (dy.size() > 0) {
      Native.reluGrad(dy.handle(), dy.handle(), y.handle());
    }
  }

  /** relu?(a + b). */
  public static Tensor addRelu(Tensor a, Tensor b, boolean relu) {
    Tensor y = Tensor.allocate(a.type(), a.shape());
    Native.addRelu(y.handle(), a.handle(), handle(b), relu);
    return y;
  }

  /** Over the last axis. */
  public static Tensor softmax(Tensor x) {
    Tensor y = Tensor.allocate(x.shape());
    if (x.size() > 0) {
      Native.softmax(y.handle(), x.handle());
    }
    return y;
  }

  public static Tensor sigmoid(Tensor x) {
    Tensor y = Tensor.allocate(x.shape());
    if (x.size() > 0) {
      Native.sigmoid(y.handle(), x.handle());
    }
    return y;
  }

  // ---- convolution
  // ------------------------------------------------------------------------------------------------

  /**
   * relu?(conv(x [N,H,W,I], w [KH,KW,I,O]) + b [O] + residual); b and residual may be null.
   *
   * @return [N,OH,OW,O] with OH = (H + 2 pad - KH) / stride + 1
   */
  public static Tensor convBlock(
      Tensor x, Tensor w, Tensor b, Tensor residual, int stride, int pad, boolean relu) {
    long oh = (x.dim(1) + 2L * pad - w.dim(0)) / stride + 1;
    long ow = (x.dim(2) + 2L * pad - w.dim(1)) / stride + 1;
    Tensor y = Tensor.allocate(x.type(), x.dim(0), oh, ow, w.dim(3));
    convBlock(y, x, w, b, residual, stride, pad, relu);
    return y;
  }

  /** The same, into y. */
  public static void convBlock(
      Tensor y, Tensor x, Tensor w, Tensor b, Tensor residual, int stride, int pad, boolean relu) {
    if (y.size() > 0) {
      Native.convBlock(
          y.handle(), x.handle(), w.handle(), handle(b), handle(residual), stride, pad, relu);
    }
  }

  /**
   * The gradient of a convolution's input.
   *
   * @param xShape of that input, which the result takes
   * @param transposed w as {@link #transposeKernels} makes it, or null; not for a kernel of several
   *     taps without padding
   * @param others like the result, added to it, or null
   * @param activation like the result, which is 0 where this is not positive, or null
   */
  public static Tensor convDataGrad(
      long[] xShape,
      Tensor dy,
      Tensor w,
      Tensor transposed,
      Tensor others,
      Tensor activation,
      int stride,
      int pad) {
    Tensor dx = Tensor.allocate(dy.type(), xShape);
    if (dx.size() > 0) {
      Native.convDataGrad(
          dx.handle(),
          dy.handle(),
          w.handle(),
          handle(transposed),
          handle(others),
          handle(activation),
          stride,
          pad);
    }
    return dx;
  }

  /** The same without a transposed kernel. */
  public static Tensor convDataGrad(
      long[] xShape, Tensor dy, Tensor w, Tensor others, Tensor activation, int stride, int pad) {
    return convDataGrad(xShape, dy, w, null, others, activation, stride, pad);
  }

  /**
   * Kernels of convolutions, transposed as {@link #convDataGrad} reads them.
   *
   * @param transposed an arena like w, of its type, where each has the same place
   * @param kernels six numbers for each: its offset, its shape [KH,KW,I,O] and the stride
   */
  public static void transposeKernels(Tensor transposed, Tensor w, long[] kernels) {
    Native.transposeKernels(transposed.handle(), w.handle(), kernels, kernels.length / KERNEL);
  }

  public static void convWeightGrad(
      Tensor dw, Tensor db, Tensor x, Tensor dy, int stride, int pad) {
    if (dy.size() == 0) {
      dw.fill(0f);
      db.fill(0f);
    } else {
      Native.convWeightGrad(dw.handle(), db.handle(), x.handle(), dy.handle(), stride, pad);
    }
  }

  /**
   * Frozen batch normalization folded into the convolutions before it: wf = w s, bf = (b - mean) s
   * + beta with s = gamma / sqrt(var + eps). All lie in flat arenas of one layout.
   *
   * @param folded where wf and bf go, to the places of w and b
   * @param values of all parameters
   * @param layers eight numbers for each layer: the offsets of w [rows,channels] and of b, gamma,
   *     beta, mean and var [channels], then rows and channels
   */
  public static void foldBn(Tensor folded, Tensor values, long[] layers, float eps) {
    Native.foldBn(folded.handle(), values.handle(), layers, layers.length / FOLDED, eps);
  }

  /**
   * The gradients of wf and bf become those of w, b, gamma and beta.
   *
   * @param gradients of all parameters; those of wf and bf lie where those of w and b belong
   * @param layers see {@link #foldBn}
   */
  public static void foldBnGrad(Tensor gradients, Tensor values, long[] layers, float eps) {
    Native.foldBnGrad(gradients.handle(), values.handle(), layers, layers.length / FOLDED, eps);
  }

  /** relu?(deconv(x [N,H,W,I], w [2,2,O,I]) + b [O]) of stride 2: [N,2H,2W,O]. */
  public static Tensor deconv2x2(Tensor x, Tensor w, Tensor b, boolean relu) {
    Tensor y = Tensor.allocate(x.type(), x.dim(0), 2 * x.dim(1), 2 * x.dim(2), w.dim(2));
    if (y.size() > 0) {
      Native.deconv2x2(y.handle(), x.handle(), w.handle(), b.handle(), relu);
    }
    return y;
  }

  /** The same of {@link #deconv2x2}: see {@link #convDataGrad}. */
  public static void deconv2x2DataGrad(
      Tensor dx, Tensor dy, Tensor w, Tensor others, Tensor activation) {
    if (dx.size() > 0) {
      Native.deconv2x2DataGrad(
          dx.handle(), dy.handle(), w.handle(), handle(others), handle(activation));
    }
  }

  public static void deconv2x2WeightGrad(Tensor dw, Tensor db, Tensor x, Tensor dy) {
    if (dy.size() == 0) {
      dw.fill(0f);
      db.fill(0f);
    } else {
      Native.deconv2x2WeightGrad(dw.handle(), db.handle(), x.handle(), dy.handle());
    }
  }

  // ---- matrices and batch statistics
  // --------------------------------------------------------------------------------

  /** relu?(a [M,K] b [K,N] + bias [N]); bias may be null. */
  public static Tensor matmul(Tensor a, Tensor b, Tensor bias, boolean relu) {
    Tensor y = Tensor.allocate(a.dim(0), b.dim(1));
    matmul(y, a, b, bias, false, false, relu);
    return y;
  }

  /**
   * y [M,N] = relu?(op(a) op(b) + bias); op transposes if told to; with nothing to sum over, y is
   * 0.
   */
  public static void matmul(
      Tensor y,
      Tensor a,
      Tensor b,
      Tensor bias,
      boolean transposeA,
      boolean transposeB,
      boolean relu) {
    if (a.size() == 0) {
      y.fill(0f);
    } else {
      Native.matmul(y.handle(), a.handle(), b.handle(), handle(bias), transposeA, transposeB, relu);
    }
  }

  /** y [C] = the sum of x over all but its last axis. */
  public static void sumRows(Tensor y, Tensor x) {
    if (x.size() == 0) {
      y.fill(0f);
    } else {
      Native.sumRows(y.handle(), x.handle());
    }
  }

  /** Normalizes by the statistics of x itself, which go to mean [C] and var [C] (biased). */
  public static Tensor batchNorm(
      Tensor mean, Tensor var, Tensor x, Tensor gamma, Tensor beta, float eps) {
    Tensor y = Tensor.allocate(x.type(), x.shape());
    Native.batchNorm(
        y.handle(), mean.handle(), var.handle(), x.handle(), gamma.handle(), beta.handle(), eps);
    return y;
  }

  public static Tensor batchNormGrad(
      Tensor dgamma,
      Tensor dbeta,
      Tensor dy,
      Tensor x,
      Tensor gamma,
      Tensor mean,
      Tensor var,
      float eps) {
    Tensor dx = Tensor.allocate(x.type(), x.shape());
    Native.batchNormGrad(
        dx.handle(),
        dgamma.handle(),
        dbeta.handle(),
        dy.handle(),
        x.handle(),
        gamma.handle(),
        mean.handle(),
        var.handle(),
        eps);
    return dx;
  }

  // ---- pyramid
  // ------------------------------------------------------------------------------------------------------

  /**
   * 3x3 maximum of stride 2: [N,ceil(H/2),ceil(W/2),C]. Padded as TensorFlow's "same": an odd size
   * on both sides, an even one at the bottom or right.
   */
  public static Tensor maxPool(Tensor x) {
    Tensor y =
        Tensor.allocate(x.type(), x.dim(0), (x.dim(1) + 1) / 2, (x.dim(2) + 1) / 2, x.dim(3));
    Native.maxPool(y.handle(), x.handle());
    return y;
  }

  public static Tensor maxPoolGrad(Tensor dy, Tensor x, Tensor y) {
    Tensor dx = Tensor.allocate(x.type(), x.shape());
    Native.maxPoolGrad(dx.handle(), dy.handle(), x.handle(), y.handle());
    return dx;
  }

  /** lateral + top enlarged twice by repetition. */
  public static Tensor upsampleAdd(Tensor top, Tensor lateral) {
    Tensor y = Tensor.allocate(lateral.type(), lateral.shape());
    Native.upsampleAdd(y.handle(), top.handle(), lateral.handle());
    return y;
  }

  /** Sums of 2x2 cells. */
  public static Tensor upsampleGrad(long[] topShape, Tensor dy) {
    Tensor dtop = Tensor.allocate(dy.type(), topShape);
    Native.upsampleGrad(dtop.handle(), dy.handle());
    return dtop;
  }

  /** x[:, ::2, ::2]. */
  public static Tensor subsample(Tensor x) {
    Tensor y =
        Tensor.allocate(x.type(), x.dim(0), (x.dim(1) + 1) / 2, (x.dim(2) + 1) / 2, x.dim(3));
    Native.subsample(y.handle(), x.handle());
    return y;
  }

  /** Adds into dx. */
  public static void subsampleGrad(Tensor dx, Tensor dy) {
    Native.subsampleGrad(dx.handle(), dy.handle());
  }

  /**
   * Begins to copy images to the device while it computes. Only the next {@link #moldImages} uses
   * them, and only if it gets the same object: by then the address may hold another batch.
   *
   * @param rgb bytes outside the heap, free again on return
   * @throws IllegalArgumentException if they are fewer than {@code count}
   */
  public static void prefetchImages(BytePointer rgb, long count) {
    requireBytes(rgb, count);
    Native.prefetchImages(rgb, count);
    prefetched = rgb;
  }

  /** Native code reads as many, whatever is there. */
  private static void requireValues(String name, float[] values, int count) {
    if (values.length != count) {
      throw new IllegalArgumentException(
          "%s: expected %d values, found %d".formatted(name, count, values.length));
    }
  }

  /** Native code reads from the pointer's position on, whatever is there. */
  private static void requireBytes(BytePointer rgb, long count) {
    long found = rgb.isNull() ? 0 : rgb.limit() - rgb.position();
    if (count < 0 || found < count) {
      throw new IllegalArgumentException(
          "expected %d bytes of pixels, found %d".formatted(count, found));
    }
  }

  /**
   * Bytes [n,h,w,3] in RGB order with the mean pixel subtracted. A GPU reads several channels at
   * once, so on it the result has channels of zeros besides; convolutions take it with kernels of
   * three inputs.
   *
   * @throws IllegalArgumentException if {@code rgb} has fewer, or {@code meanPixel} not three
   *     values
   */
  public static Tensor moldImages(
      DType type, BytePointer rgb, int n, int h, int w, float[] meanPixel) {
    requireBytes(rgb, Tensor.count(n, h, w, 3));
    requireValues("mean pixel", meanPixel, 3);
    if (prefetched != null && prefetched != rgb) {
      Native.prefetchImages(null, 0);
    }
    prefetched = null;
    Tensor y = Tensor.allocate(type, n, h, w, Native.imageChannels(type.ordinal()));
    Native.moldImages(
        y.handle(), rgb, Tensor.count(n, h, w, 3), meanPixel[0], meanPixel[1], meanPixel[2]);
    return y;
  }

  /**
   * The RPN's two 1x1 heads at one level of the pyramid, x [N,H,W,C], for the R anchors of each of
   * its cells.
   *
   * @param logits [N,A,2], written from anchor {@code first} of each image on
   * @param deltas [N,A,4], likewise
   * @param classKernel [1,1,C,2R]
   * @param bboxKernel [1,1,C,4R]
   */
  public static void rpnHeads(
      Tensor logits,
      Tensor deltas,
      long first,
      Tensor x,
      Tensor classKernel,
      Tensor classBias,
      Tensor bboxKernel,
      Tensor bboxBias) {
    if (x.size() > 0) {
      Native.rpnHeads(
          logits.handle(),
          deltas.handle(),
          first,
          x.handle(),
          classKernel.handle(),
          classBias.handle(),
          bboxKernel.handle(),
          bboxBias.handle());
    }
  }

  // ---- regions
  // ------------------------------------------------------------------------------------------------------

  /**
   * PyramidROIAlign.
   *
   * @param pyramid P2..P5
   * @param boxes [R,4] normalized
   * @param imageIndices [R] the image of each box
   * @return [R,side,side,C]
   */
  public static Tensor roiAlign(
      Tensor[] pyramid, Tensor boxes, Tensor imageIndices, int side, int height, int width) {
    Tensor y =
        Tensor.allocate(pyramid[0].type(), imageIndices.size(), side, side, pyramid[0].dim(3));
    if (imageIndices.size() > 0) {
      Native.roiAlign(
          y.handle(),
          pyramid[0].handle(),
          pyramid[1].handle(),
          pyramid[2].handle(),
          pyramid[3].handle(),
          boxes.handle(),
          imageIndices.handle(),
          height,
          width);
    }
    return y;
  }

  /** Adds into the gradients of P2..P5. */
  public static void roiAlignGrad(
      Tensor[] gradients, Tensor dy, Tensor boxes, Tensor imageIndices, int height, int width) {
    if (imageIndices.size() > 0) {
      Native.roiAlignGrad(
          gradients[0].handle(),
          gradients[1].handle(),
          gradients[2].handle(),
          gradients[3].handle(),
          dy.handle(),
          boxes.handle(),
          imageIndices.handle(),
          height,
          width);
    }
  }

  /**
   * The proposal layer.
   *
   * @param logits [N,A,2]
   * @param deltas [N,A,4]
   * @param anchors [A,4] normalized
   * @param deviations (dy,dx,dh,dw) that deltas are multiplied by
   * @return [N,count,4] normalized, zero padded
   */
  public static Tensor propose(
      Tensor logits,
      Tensor deltas,
      Tensor anchors,
      int count,
      int preNms,
      float nms,
      float[] deviations) {
    requireValues("deviations", deviations, 4);
    Tensor y = Tensor.allocate(logits.dim(0), count, 4);
    Native.propose(
        y.handle(), logits.handle(), deltas.handle(), anchors.handle(), preNms, nms, deviations);
    return y;
  }

  /**
   * The detection layer for one image.
   *
   * @param rois [R,4]
   * @param probabilities [R,K]
   * @param deltas [R,K,4]
   * @param window normalized (y1,x1,y2,x2) that boxes are clipped to
   * @param deviations (dy,dx,dh,dw) that deltas are multiplied by
   * @return [limit,6] rows (y1,x1,y2,x2,class,score) by falling score, zero padded
   */
  public static Tensor refineDetections(
      Tensor rois,
      Tensor probabilities,
      Tensor deltas,
      float[] window,
      int limit,
      float minConfidence,
      float nms,
      float[] deviations) {
    requireValues("deviations", deviations, 4);
    Tensor y = Tensor.allocate(limit, 6);
    Native.refineDetections(
        y.handle(),
        rois.handle(),
        probabilities.handle(),
        deltas.handle(),
        window[0],
        window[1],
        window[2],
        window[3],
        minConfidence,
        nms,
        deviations);
    return y;
  }

  /**
   * The detection targets of proposals [N,C,4]: regions [R,4] with classes [R] and deltas [R,4],
   * and the positive ones once more [M]; {@code selvage.h} says what each tensor holds.
   *
   * @param objectBoxes [G,4] flat, in pixels
   * @param objectClasses [G]
   * @param objectCounts [N]
   * @param draws numbers of 31 random bits
   * @param wholeMasks whether a mask's frame is the image, not its object's box
   */
  public static void detectionTargets(
      Tensor boxes,
      Tensor classIds,
      Tensor deltas,
      Tensor positiveBoxes,
      Tensor positiveImages,
      Tensor positiveClasses,
      Tensor maskIndices,
      Tensor maskBoxes,
      Tensor proposals,
      float[] objectBoxes,
      int[] objectClasses,
      int[] objectCounts,
      int[] draws,
      int height,
      int width,
      double positiveRatio,
      float[] deviations,
      boolean wholeMasks) {
    Native.detectionTargets(
        boxes.handle(),
        classIds.handle(),
        deltas.handle(),
        positiveBoxes.handle(),
        positiveImages.handle(),
        positiveClasses.handle(),
        maskIndices.handle(),
        maskBoxes.handle(),
        proposals.handle(),
        objectBoxes,
        objectClasses,
        objectCounts,
        draws,
        draws.length,
        height,
        width,
        positiveRatio,
        deviations,
        wholeMasks);
  }

  /**
   * Mini masks [G,H,W] cut at boxes [P,4] in each mask's own frame and rounded: [P,side,side]. A
   * mask index below 0 gives zeros.
   */
  public static Tensor maskTargets(Tensor miniMasks, Tensor boxes, Tensor maskIndices, int side) {
    Tensor y = Tensor.allocate(maskIndices.size(), side, side);
    if (maskIndices.size() > 0) {
      Native.maskTargets(y.handle(), miniMasks.handle(), boxes.handle(), maskIndices.handle());
    }
    return y;
  }

  // ---- rows and patches
  // ---------------------------------------------------------------------------------------------

  /** Rows of x [M,C]: [rows.length,C]. */
  public static Tensor gatherRows(Tensor x, int[] rows) {
    Tensor y = Tensor.allocate(x.type(), rows.length, x.lastDim());
    gatherRows(y, x, rows);
    return y;
  }

  public static void gatherRows(Tensor y, Tensor x, int[] rows) {
    if (rows.length > 0) {
      Native.gatherRows(y.handle(), x.handle(), rows, rows.length);
    }
  }

  /** x[rows] += y. */
  public static void scatterAddRows(Tensor x, Tensor y, int[] rows) {
    if (rows.length > 0) {
      Native.scatterAddRows(x.handle(), y.handle(), rows, rows.length);
    }
  }

  /**
   * 3x3 zero-padded patches of x [N,H,W,C] around flat positions (n H + y) W + x into y
   * [positions.length, 9 C].
   */
  public static void gatherPatches(Tensor y, Tensor x, int[] positions) {
    if (positions.length > 0) {
      Native.gatherPatches(y.handle(), x.handle(), positions, positions.length);
    }
  }

  /** Adds patches back into dx. */
  public static void scatterAddPatches(Tensor dx, Tensor dy, int[] positions) {
    if (positions.length > 0) {
      Native.scatterAddPatches(dx.handle(), dy.handle(), positions, positions.length);
    }
  }

  // ---- mask head
  // ----------------------------------------------------------------------------------------------------

  /** The 1x1 convolution of one class a region: x [P,S,S,C], w [1,1,C,K], b [K]: [P,S,S]. */
  public static void maskLogits(Tensor y, Tensor x, Tensor w, Tensor b, Tensor classIds) {
    if (classIds.size() > 0) {
      Native.maskLogits(y.handle(), x.handle(), w.handle(), b.handle(), classIds.handle());
    }
  }

  /**
   * @param dx the gradient of x
   */
  public static void maskLogitsGrad(
      Tensor dx, Tensor dw, Tensor db, Tensor dy, Tensor x, Tensor w, Tensor classIds) {
    Native.maskLogitsGrad(
        dx.handle(),
        dw.handle(),
        db.handle(),
        dy.handle(),
        x.handle(),
        w.handle(),
        classIds.handle());
  }

  // ---- losses: the mean goes to loss [1], its gradient to the second argument
  // ------------------------------------------------------------------------------------------------

  /**
   * @param labels [R]; a negative one takes no part
   */
  public static void softmaxCrossEntropy(
      Tensor loss, Tensor dlogits, Tensor logits, Tensor labels) {
    if (labels.size() == 0) {
      loss.fill(0f);
    } else {
      Native.softmaxCrossEntropy(loss.handle(), dlogits.handle(), logits.handle(), labels.handle());
    }
  }

  /**
   * Smooth L1 of the boxes of regions' own classes.
   *
   * @param prediction [R,K,4], with K = 1 for boxes that all classes share
   * @param target [R,4]
   * @param classIds [R]; a class of 0 or less takes no part
   */
  public static void boxLoss(
      Tensor loss, Tensor dprediction, Tensor prediction, Tensor target, Tensor classIds) {
    if (prediction.size() == 0) {
      loss.fill(0f);
    } else {
      Native.boxLoss(
          loss.handle(),
          dprediction.handle(),
          prediction.handle(),
          target.handle(),
          classIds.handle());
    }
  }

  /**
   * @param classIds [P]; a class of 0 or less takes no part
   */
  public static void maskLoss(
      Tensor loss, Tensor dlogits, Tensor logits, Tensor target, Tensor classIds) {
    if (logits.size() == 0) {
      loss.fill(0f);
    } else {
      Native.maskLoss(
          loss.handle(), dlogits.handle(), logits.handle(), target.handle(), classIds.handle());
    }
  }

  // ---- optimizer: many ranges of flat arenas in one call
  // ------------------------------------------------------------------------------------------------

  /** y [1] = the sum over the ranges of p of coefficient times the sum of squares. */
  public static void l2(Tensor y, Tensor p, Ranges ranges, float[] coefficients) {
    requireValues("coefficients", coefficients, ranges.count());
    if (ranges.count() == 0) {
      y.fill(0f);
    } else {
      Native.l2(
          y.handle(), p.handle(), ranges.begins(), ranges.sizes(), coefficients, ranges.count());
    }
  }

  /**
   * g += 2 coefficient p in each range.
   *
   * @param squares [2], the sum of the squares of all of them together, as {@link #doubleAt} reads
   *     it
   */
  public static void l2Grad(
      Tensor squares, Tensor g, Tensor p, Ranges ranges, float[] coefficients) {
    requireValues("coefficients", coefficients, ranges.count());
    if (ranges.count() == 0) {
      squares.fill(0f);
    } else {
      Native.l2Grad(
          squares.handle(),
          g.handle(),
          p.handle(),
          ranges.begins(),
          ranges.sizes(),
          coefficients,
          ranges.count());
    }
  }

  /** The double whose eight bytes a tensor has had in two elements, the lower half first. */
  public static double doubleAt(float[] values, int first) {
    long low = Integer.toUnsignedLong(Float.floatToRawIntBits(values[first]));
    return Double.longBitsToDouble(
        (long) Float.floatToRawIntBits(values[first + 1]) << Integer.SIZE | low);
  }

  /** m = momentum m - rate factor g; p += m in each range. */
  public static void sgd(
      Tensor p, Tensor m, Tensor g, Ranges ranges, float rate, float momentum, float factor) {
    if (ranges.count() > 0) {
      Native.sgd(
          p.handle(),
          m.handle(),
          g.handle(),
          ranges.begins(),
          ranges.sizes(),
          ranges.count(),
          rate,
          momentum,
          factor);
    }
  }

  private static Native.Tensor handle(Tensor tensor) {
    return tensor == null ? null : tensor.handle();
  }
}
