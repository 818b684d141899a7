package dev.selvage.runtime;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Opaque;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;

/**
 * The native library, function for function as {@code native/include/selvage.h} declares it; that
 * file holds the shapes and meanings. A mismatch with the header is a C++ compile error. Every
 * function throws {@link RuntimeException} with the message of the native check that failed. Call
 * it only from the one compute thread.
 */
@Properties(
    value =
        @Platform(
            value = "linux-x86_64",
            compiler = "cpp17",
            include = "selvage.h",
            link = "selvage",
            preload = {"gomp@.1", "dnnl@.3"},
            preloadresource = "/org/bytedeco/dnnl/"))
@Namespace("selvage")
public final class Native {
  static {
    Loader.load();
  }

  private Native() {}

  /**
   * An opaque native tensor. Never freed by the garbage collector: see {@code
   * dev.selvage.tensor.Scope}.
   */
  @Opaque
  @Name("Tensor")
  public static final class Tensor extends Pointer {
    /** Called by JavaCPP with a native address. */
    public Tensor(Pointer p) {
      super(p);
    }
  }

  @Name("select_device")
  public static native void selectDevice(String device, String cudaLibrary);

  @Name("select_precision")
  public static native void selectPrecision(String precision);

  @Name("open_cudnn")
  public static native @Cast("const char*") BytePointer openCudnn(String library);

  @Name("select_convolutions")
  public static native void selectConvolutions(String engine);

  @Name("begin_graph")
  public static native void beginGraph();

  @Name("end_graph")
  public static native void endGraph();

  @Name("selected_device")
  public static native @Cast("const char*") BytePointer selectedDevice();

  @Name("has_type")
  public static native boolean hasType(int type);

  @Name("why_no_gpu")
  public static native @Cast("const char*") BytePointer whyNoGpu();

  @Name("set_threads")
  public static native void setThreads(int count);

  public static native int threads();

  @Name("cpu_features")
  public static native @Cast("const char*") BytePointer cpuFeatures();

  @Name("library_versions")
  public static native @Cast("const char*") BytePointer libraryVersions();

  @Name("live_tensors")
  public static native long liveTensors();

  @Name("allocated_bytes")
  public static native long allocatedBytes();

  @Name("executed_flops")
  public static native long executedFlops();

  @Name("open_checks")
  public static native @Cast("const char*") BytePointer openChecks(String checksLibrary);

  @Name("run_check")
  public static native @Cast("const char*") BytePointer runCheck(String kernel);

  @Name("open_bench")
  public static native @Cast("const char*") BytePointer openBench(
      String part, int images, int height, int width, int type);

  @Name("run_bench")
  public static native @Cast("const char*") BytePointer runBench(int row);

  @Name("end_process")
  public static native void endProcess(int code);

  @Name("tensor_new")
  public static native Tensor tensorNew(@Cast("const int64_t*") long[] shape, int rank, int type);

  @Name("tensor_view")
  public static native Tensor tensorView(
      Tensor base, long offset, @Cast("const int64_t*") long[] shape, int rank);

  @Name("tensor_free")
  public static native void tensorFree(Tensor tensor);

  @Name("tensor_upload")
  public static native void tensorUpload(Tensor tensor, @Const FloatPointer source, long count);

  @Name("tensor_download")
  public static native void tensorDownload(@Const Tensor tensor, FloatPointer target, long count);

  public static native void fill(Tensor y, float value);

  public static native void copy(Tensor y, @Const Tensor x);

  public static native void cast(Tensor y, @Const Tensor x);

  public static native void add(Tensor y, @Const Tensor x);

  public static native void scale(Tensor y, float factor);

  public static native void average(Tensor y, @Const Tensor x, float share);

  @Name("sum_squares")
  public static native double sumSquares(@Const Tensor x);

  public static native double sum(@Const Tensor x);

  @Name("all_finite")
  public static native boolean allFinite(@Const Tensor x);

  @Name("conv_block")
  public static native void convBlock(
      Tensor y,
      @Const Tensor x,
      @Const Tensor w,
      @Const Tensor b,
      @Const Tensor residual,
      int stride,
      int pad,
      boolean relu);

  @Name("conv_data_grad")
  public static native void convDataGrad(
      Tensor dx, @Const Tensor dy, @Const Tensor w, int stride, int pad);

  @Name("conv_weight_grad")
  public static native void convWeightGrad(
      Tensor dw, Tensor db, @Const Tensor x, @Const Tensor dy, int stride, int pad);

  @Name("fold_bn")
  public static native void foldBn(
      Tensor wf,
      Tensor bf,
      @Const Tensor w,
      @Const Tensor b,
      @Const Tensor gamma,
      @Const Tensor beta,
      @Const Tensor mean,
      @Const Tensor var,
      float eps);

  @Name("fold_bn_grad")
  public static native void foldBnGrad(
      Tensor dw,
      Tensor db,
      Tensor dgamma,
      Tensor dbeta,
      @Const Tensor dwf,
      @Const Tensor dbf,
      @Const Tensor w,
      @Const Tensor b,
      @Const Tensor gamma,
      @Const Tensor mean,
      @Const Tensor var,
      float eps);

  public static native void deconv2x2(
      Tensor y, @Const Tensor x, @Const Tensor w, @Const Tensor b, boolean relu);

  @Name("deconv2x2_data_grad")
  public static native void deconv2x2DataGrad(Tensor dx, @Const Tensor dy, @Const Tensor w);

  @Name("deconv2x2_weight_grad")
  public static native void deconv2x2WeightGrad(
      Tensor dw, Tensor db, @Const Tensor x, @Const Tensor dy);

  public static native void matmul(
      Tensor y,
      @Const Tensor a,
      @Const Tensor b,
      @Const Tensor bias,
      boolean transposeA,
      boolean transposeB,
      boolean relu);

  @Name("sum_rows")
  public static native void sumRows(Tensor y, @Const Tensor x);

  @Name("relu_grad")
  public static native void reluGrad(Tensor dx, @Const Tensor dy, @Const Tensor y);

  @Name("add_relu")
  public static native void addRelu(Tensor y, @Const Tensor a, @Const Tensor b, boolean relu);

  @Name("batch_norm")
  public static native void batchNorm(
      Tensor y,
      Tensor mean,
      Tensor var,
      @Const Tensor x,
      @Const Tensor gamma,
      @Const Tensor beta,
      float eps);

  @Name("batch_norm_grad")
  public static native void batchNormGrad(
      Tensor dx,
      Tensor dgamma,
      Tensor dbeta,
      @Const Tensor dy,
      @Const Tensor x,
      @Const Tensor gamma,
      @Const Tensor mean,
      @Const Tensor var,
      float eps);

  public static native void softmax(Tensor y, @Const Tensor x);

  public static native void sigmoid(Tensor y, @Const Tensor x);

  @Name("max_pool")
  public static native void maxPool(Tensor y, @Const Tensor x);

  @Name("max_pool_grad")
  public static native void maxPoolGrad(
      Tensor dx, @Const Tensor dy, @Const Tensor x, @Const Tensor y);

  @Name("upsample_add")
  public static native void upsampleAdd(Tensor y, @Const Tensor top, @Const Tensor lateral);

  @Name("upsample_grad")
  public static native void upsampleGrad(Tensor dtop, @Const Tensor dy);

  public static native void subsample(Tensor y, @Const Tensor x);

  @Name("subsample_grad")
  public static native void subsampleGrad(Tensor dx, @Const Tensor dy);

  @Name("prefetch_images")
  public static native void prefetchImages(@Cast("const uint8_t*") BytePointer rgb, long count);

  @Name("mold_images")
  public static native void moldImages(
      Tensor y,
      @Cast("const uint8_t*") BytePointer rgb,
      long count,
      float meanR,
      float meanG,
      float meanB);

  @Name("roi_align")
  public static native void roiAlign(
      Tensor y,
      @Const Tensor p2,
      @Const Tensor p3,
      @Const Tensor p4,
      @Const Tensor p5,
      @Const Tensor boxes,
      @Const int[] imageIndices,
      long rois,
      float imageHeight,
      float imageWidth);

  @Name("roi_align_grad")
  public static native void roiAlignGrad(
      Tensor dp2,
      Tensor dp3,
      Tensor dp4,
      Tensor dp5,
      @Const Tensor dy,
      @Const Tensor boxes,
      @Const int[] imageIndices,
      long rois,
      float imageHeight,
      float imageWidth);

  public static native void propose(
      Tensor y,
      @Const Tensor logits,
      @Const Tensor deltas,
      @Const Tensor anchors,
      int preNms,
      float nmsThreshold,
      @Const float[] deviations);

  @Name("refine_detections")
  public static native void refineDetections(
      Tensor y,
      @Const Tensor rois,
      @Const Tensor probs,
      @Const Tensor deltas,
      float windowY1,
      float windowX1,
      float windowY2,
      float windowX2,
      float minConfidence,
      float nmsThreshold,
      @Const float[] deviations);

  @Name("mask_targets")
  public static native void maskTargets(
      Tensor y, @Const Tensor miniMasks, @Const Tensor boxes, @Const int[] maskIndices, long rois);

  @Name("gather_rows")
  public static native void gatherRows(Tensor y, @Const Tensor x, @Const int[] rows, long count);

  @Name("scatter_add_rows")
  public static native void scatterAddRows(
      Tensor x, @Const Tensor y, @Const int[] rows, long count);

  @Name("gather_patches")
  public static native void gatherPatches(
      Tensor y, @Const Tensor x, @Const int[] positions, long count);

  @Name("scatter_add_patches")
  public static native void scatterAddPatches(
      Tensor dx, @Const Tensor dy, @Const int[] positions, long count);

  @Name("mask_logits")
  public static native void maskLogits(
      Tensor y, @Const Tensor x, @Const Tensor w, @Const Tensor b, @Const int[] classIds, long rois);

  @Name("mask_logits_grad")
  public static native void maskLogitsGrad(
      Tensor dx,
      Tensor dw,
      Tensor db,
      @Const Tensor dy,
      @Const Tensor x,
      @Const Tensor w,
      @Const int[] classIds,
      long rois);

  @Name("softmax_cross_entropy")
  public static native void softmaxCrossEntropy(
      Tensor loss, Tensor dlogits, @Const Tensor logits, @Const int[] labels, long rows);

  @Name("smooth_l1")
  public static native void smoothL1(
      Tensor loss, Tensor dpred, @Const Tensor pred, @Const Tensor target);

  @Name("mask_loss")
  public static native void maskLoss(
      Tensor loss, Tensor dlogits, @Const Tensor logits, @Const Tensor target);

  public static native void l2(
      Tensor y,
      @Const Tensor p,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      @Const float[] coefficients,
      long count);

  @Name("l2_grad")
  public static native double l2Grad(
      Tensor g,
      @Const Tensor p,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      @Const float[] coefficients,
      long count);

  public static native void sgd(
      Tensor p,
      Tensor m,
      @Const Tensor g,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      long count,
      float rate,
      float momentum,
      float factor);
}
