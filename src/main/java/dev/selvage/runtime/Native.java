package dev.selvage.runtime;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Const;
import org.bytedeco.javacpp.annotation.MemberGetter;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Opaque;
import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;

/**
 * The native library, function for function as {@code native/include/selvage.h} declares it; that
 * file holds the shapes and meanings. A mismatch with the header is a C++ compile error. Every
 * function throws {@link NativeException} with the message of the native check that failed. Call it
 * only from the one compute thread.
 */
@Properties(
    value =
        @Platform(
            value = "linux-x86_64",
            compiler = "cpp17",
            include = "selvage.h",
            link = "selvage"))
@Namespace("selvage")
public final class Native {
  static {
    NativeLibraries.COMPUTE.unpack();
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

  /** The number of the {@link NativeException.Kind} of the C++ exception being handled. */
  @NoException
  @Name("current_error_kind")
  static native int currentErrorKind();

  @Name("select_device")
  public static native void selectDevice(String device, String cudaLibrary) throws NativeException;

  @Name("select_precision")
  public static native void selectPrecision(String precision) throws NativeException;

  @Name("open_cudnn")
  public static native @Cast("const char*") BytePointer openCudnn(String library)
      throws NativeException;

  @Name("select_convolutions")
  public static native void selectConvolutions(String engine) throws NativeException;

  @Name("begin_graph")
  public static native void beginGraph() throws NativeException;

  @Name("end_graph")
  public static native void endGraph() throws NativeException;

  public static native boolean profiled() throws NativeException;

  @Name("begin_range")
  public static native void beginRange(String name) throws NativeException;

  @Name("end_range")
  public static native void endRange() throws NativeException;

  @Name("device_hardware")
  public static native @Cast("const char*") BytePointer deviceHardware() throws NativeException;

  @Name("image_channels")
  public static native int imageChannels(int type) throws NativeException;

  @Name("selected_device")
  public static native @Cast("const char*") BytePointer selectedDevice() throws NativeException;

  @Name("has_type")
  public static native boolean hasType(int type) throws NativeException;

  @Name("why_no_gpu")
  public static native @Cast("const char*") BytePointer whyNoGpu() throws NativeException;

  @Name("set_threads")
  public static native void setThreads(int count) throws NativeException;

  public static native int threads() throws NativeException;

  @Name("cpu_features")
  public static native @Cast("const char*") BytePointer cpuFeatures() throws NativeException;

  @Name("library_versions")
  public static native @Cast("const char*") BytePointer libraryVersions() throws NativeException;

  @Name("live_tensors")
  public static native long liveTensors() throws NativeException;

  @Name("allocated_bytes")
  public static native long allocatedBytes() throws NativeException;

  @Name("executed_flops")
  public static native long executedFlops() throws NativeException;

  /** The result of a group of checks; lives until the next call of {@link #runCheck}. */
  @Name("CheckResult")
  public static final class CheckResult extends Pointer {
    /** Called by JavaCPP with a native address. */
    public CheckResult(Pointer p) {
      super(p);
    }

    @MemberGetter
    public native int cases();

    @MemberGetter
    public native int failed();

    @MemberGetter
    public native double error();

    /** The field {@code limit}, a name that {@link Pointer} has taken. */
    @Name("limit")
    @MemberGetter
    public native double errorLimit();

    @Name("worst_case")
    @MemberGetter
    public native @Cast("const char*") BytePointer worstCase();
  }

  @Name("open_checks")
  public static native int openChecks(String checksLibrary) throws NativeException;

  @Name("check_name")
  public static native @Cast("const char*") BytePointer checkName(int group) throws NativeException;

  @Name("run_check")
  public static native @Const CheckResult runCheck(int group) throws NativeException;

  /** The most that a device can do; lives as long as the process. */
  @Name("BenchDevice")
  public static final class BenchDevice extends Pointer {
    /** Called by JavaCPP with a native address. */
    public BenchDevice(Pointer p) {
      super(p);
    }

    @MemberGetter
    public native @Cast("const char*") BytePointer name();

    @MemberGetter
    public native double flops();

    @MemberGetter
    public native double bytes();

    @Name("flops_source")
    @MemberGetter
    public native @Cast("const char*") BytePointer flopsSource();
  }

  /** The time of an operation; lives until the next call of {@link #runBench}. */
  @Name("BenchResult")
  public static final class BenchResult extends Pointer {
    /** Called by JavaCPP with a native address. */
    public BenchResult(Pointer p) {
      super(p);
    }

    @MemberGetter
    public native double seconds();

    @MemberGetter
    public native double flops();

    @MemberGetter
    public native double bytes();

    @Name("roofline_seconds")
    @MemberGetter
    public native double rooflineSeconds();

    @Name("cudnn_seconds")
    @MemberGetter
    public native double cudnnSeconds();
  }

  @Name("open_bench")
  public static native int openBench(String part, int images, int height, int width, int type)
      throws NativeException;

  @Name("bench_device")
  public static native @Const BenchDevice benchDevice() throws NativeException;

  @Name("bench_name")
  public static native @Cast("const char*") BytePointer benchName(int row) throws NativeException;

  @Name("run_bench")
  public static native @Const BenchResult runBench(int row) throws NativeException;

  @Name("prepare_opencv")
  static native void prepareOpencv() throws NativeException;

  @Name("end_process")
  public static native void endProcess(int code) throws NativeException;

  @Name("ranks_open")
  public static native int ranksOpen(String library) throws NativeException;

  @Name("ranks_rank")
  public static native int ranksRank() throws NativeException;

  @Name("ranks_size")
  public static native int ranksSize() throws NativeException;

  @Name("ranks_name")
  public static native @Cast("const char*") BytePointer ranksName() throws NativeException;

  @Name("ranks_gather")
  public static native int ranksGather(Pointer values, @Cast("int64_t") long bytes, double seconds)
      throws NativeException;

  @Name("ranks_broadcast")
  public static native int ranksBroadcast(
      Pointer values, @Cast("int64_t") long bytes, double seconds) throws NativeException;

  @Name("ranks_broadcast_tensor")
  public static native int ranksBroadcast(Tensor values, double seconds) throws NativeException;

  @Name("ranks_sum")
  public static native int ranksSum(Tensor values, double seconds) throws NativeException;

  @Name("ranks_open_nccl")
  public static native @Cast("const char*") BytePointer ranksOpenNccl(String library)
      throws NativeException;

  @Name("ranks_device_address")
  public static native @Cast("const char*") BytePointer ranksDeviceAddress() throws NativeException;

  @Name("ranks_connect_gpus")
  public static native int ranksConnectGpus(double seconds) throws NativeException;

  @Name("ranks_begin_sum")
  public static native void ranksBeginSum(Tensor values) throws NativeException;

  @Name("ranks_take_sums")
  public static native void ranksTakeSums() throws NativeException;

  @Name("ranks_await")
  public static native int ranksAwait(double seconds) throws NativeException;

  @Name("ranks_exchange_seconds")
  public static native double ranksExchangeSeconds(@Cast("bool") boolean shown)
      throws NativeException;

  @Name("ranks_fail")
  public static native void ranksFail(@Cast("const char*") BytePointer sentence)
      throws NativeException;

  @Name("ranks_part")
  public static native void ranksPart(double seconds) throws NativeException;

  @Name("ranks_close")
  public static native void ranksClose() throws NativeException;

  @Name("ranks_culprit")
  public static native int ranksCulprit() throws NativeException;

  @Name("ranks_message")
  public static native @Cast("const char*") BytePointer ranksMessage() throws NativeException;

  @Name("tensor_new")
  public static native Tensor tensorNew(@Cast("const int64_t*") long[] shape, int rank, int type)
      throws NativeException;

  @Name("tensor_view")
  public static native Tensor tensorView(
      Tensor base, long offset, @Cast("const int64_t*") long[] shape, int rank)
      throws NativeException;

  @Name("tensor_free")
  public static native void tensorFree(Tensor tensor) throws NativeException;

  @Name("hold_constant")
  public static native void holdConstant(Tensor tensor, boolean constant) throws NativeException;

  @Name("tensor_upload")
  public static native void tensorUpload(Tensor tensor, @Const FloatPointer source, long count)
      throws NativeException;

  @Name("tensor_download")
  public static native void tensorDownload(@Const Tensor tensor, FloatPointer target, long count)
      throws NativeException;

  public static native void fill(Tensor y, float value) throws NativeException;

  public static native void copy(Tensor y, @Const Tensor x) throws NativeException;

  public static native void cast(Tensor y, @Const Tensor x) throws NativeException;

  public static native void add(Tensor y, @Const Tensor x) throws NativeException;

  public static native void scale(Tensor y, float factor) throws NativeException;

  public static native void average(Tensor y, @Const Tensor x, float share) throws NativeException;

  @Name("sum_squares")
  public static native double sumSquares(@Const Tensor x) throws NativeException;

  public static native double sum(@Const Tensor x) throws NativeException;

  @Name("all_finite")
  public static native boolean allFinite(@Const Tensor x) throws NativeException;

  @Name("conv_block")
  public static native void convBlock(
      Tensor y,
      @Const Tensor x,
      @Const Tensor w,
      @Const Tensor b,
      @Const Tensor residual,
      int stride,
      int pad,
      boolean relu)
      throws NativeException;

  @Name("conv_data_grad")
  public static native void convDataGrad(
      Tensor dx,
      @Const Tensor dy,
      @Const Tensor w,
      @Const Tensor transposed,
      @Const Tensor others,
      @Const Tensor activation,
      int stride,
      int pad)
      throws NativeException;

  @Name("transpose_kernels")
  public static native void transposeKernels(
      Tensor transposed, @Const Tensor w, @Cast("const int64_t*") long[] kernels, long count)
      throws NativeException;

  @Name("conv_weight_grad")
  public static native void convWeightGrad(
      Tensor dw, Tensor db, @Const Tensor x, @Const Tensor dy, int stride, int pad)
      throws NativeException;

  @Name("fold_bn")
  public static native void foldBn(
      Tensor folded, @Const Tensor p, @Cast("const int64_t*") long[] layers, long count, float eps)
      throws NativeException;

  @Name("fold_bn_grad")
  public static native void foldBnGrad(
      Tensor g, @Const Tensor p, @Cast("const int64_t*") long[] layers, long count, float eps)
      throws NativeException;

  public static native void deconv2x2(
      Tensor y, @Const Tensor x, @Const Tensor w, @Const Tensor b, boolean relu)
      throws NativeException;

  @Name("deconv2x2_data_grad")
  public static native void deconv2x2DataGrad(
      Tensor dx, @Const Tensor dy, @Const Tensor w, @Const Tensor others, @Const Tensor activation)
      throws NativeException;

  @Name("deconv2x2_weight_grad")
  public static native void deconv2x2WeightGrad(
      Tensor dw, Tensor db, @Const Tensor x, @Const Tensor dy) throws NativeException;

  public static native void matmul(
      Tensor y,
      @Const Tensor a,
      @Const Tensor b,
      @Const Tensor bias,
      boolean transposeA,
      boolean transposeB,
      boolean relu)
      throws NativeException;

  @Name("sum_rows")
  public static native void sumRows(Tensor y, @Const Tensor x) throws NativeException;

  @Name("relu_grad")
  public static native void reluGrad(Tensor dx, @Const Tensor dy, @Const Tensor y)
      throws NativeException;

  @Name("add_relu")
  public static native void addRelu(Tensor y, @Const Tensor a, @Const Tensor b, boolean relu)
      throws NativeException;

  @Name("batch_norm")
  public static native void batchNorm(
      Tensor y,
      Tensor mean,
      Tensor var,
      @Const Tensor x,
      @Const Tensor gamma,
      @Const Tensor beta,
      float eps)
      throws NativeException;

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
      float eps)
      throws NativeException;

  public static native void softmax(Tensor y, @Const Tensor x) throws NativeException;

  public static native void sigmoid(Tensor y, @Const Tensor x) throws NativeException;

  @Name("max_pool")
  public static native void maxPool(Tensor y, @Const Tensor x) throws NativeException;

  @Name("max_pool_grad")
  public static native void maxPoolGrad(
      Tensor dx, @Const Tensor dy, @Const Tensor x, @Const Tensor y) throws NativeException;

  @Name("upsample_add")
  public static native void upsampleAdd(Tensor y, @Const Tensor top, @Const Tensor lateral)
      throws NativeException;

  @Name("upsample_grad")
  public static native void upsampleGrad(Tensor dtop, @Const Tensor dy) throws NativeException;

  public static native void subsample(Tensor y, @Const Tensor x) throws NativeException;

  @Name("subsample_grad")
  public static native void subsampleGrad(Tensor dx, @Const Tensor dy) throws NativeException;

  @Name("prefetch_images")
  public static native void prefetchImages(@Cast("const uint8_t*") BytePointer rgb, long count)
      throws NativeException;

  @Name("mold_images")
  public static native void moldImages(
      Tensor y,
      @Cast("const uint8_t*") BytePointer rgb,
      long count,
      float meanR,
      float meanG,
      float meanB)
      throws NativeException;

  @Name("rpn_heads")
  public static native void rpnHeads(
      Tensor logits,
      Tensor deltas,
      long first,
      @Const Tensor x,
      @Const Tensor classW,
      @Const Tensor classB,
      @Const Tensor bboxW,
      @Const Tensor bboxB)
      throws NativeException;

  @Name("roi_align")
  public static native void roiAlign(
      Tensor y,
      @Const Tensor p2,
      @Const Tensor p3,
      @Const Tensor p4,
      @Const Tensor p5,
      @Const Tensor boxes,
      @Const Tensor imageIndices,
      float imageHeight,
      float imageWidth)
      throws NativeException;

  @Name("roi_align_grad")
  public static native void roiAlignGrad(
      Tensor dp2,
      Tensor dp3,
      Tensor dp4,
      Tensor dp5,
      @Const Tensor dy,
      @Const Tensor boxes,
      @Const Tensor imageIndices,
      float imageHeight,
      float imageWidth)
      throws NativeException;

  public static native void propose(
      Tensor y,
      @Const Tensor logits,
      @Const Tensor deltas,
      @Const Tensor anchors,
      int preNms,
      float nmsThreshold,
      @Const float[] deviations)
      throws NativeException;

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
      @Const float[] deviations)
      throws NativeException;

  @Name("detection_targets")
  public static native void detectionTargets(
      Tensor boxes,
      Tensor classIds,
      Tensor deltas,
      Tensor positiveBoxes,
      Tensor positiveImages,
      Tensor positiveClasses,
      Tensor maskIndices,
      Tensor maskBoxes,
      @Const Tensor proposals,
      @Const float[] objectBoxes,
      @Const int[] objectClasses,
      @Const int[] objectCounts,
      @Const int[] draws,
      long drawCount,
      int imageHeight,
      int imageWidth,
      double positiveRatio,
      @Const float[] deviations,
      boolean wholeMasks)
      throws NativeException;

  @Name("mask_targets")
  public static native void maskTargets(
      Tensor y, @Const Tensor miniMasks, @Const Tensor boxes, @Const Tensor maskIndices)
      throws NativeException;

  @Name("gather_rows")
  public static native void gatherRows(Tensor y, @Const Tensor x, @Const int[] rows, long count)
      throws NativeException;

  @Name("scatter_add_rows")
  public static native void scatterAddRows(Tensor x, @Const Tensor y, @Const int[] rows, long count)
      throws NativeException;

  @Name("gather_patches")
  public static native void gatherPatches(
      Tensor y, @Const Tensor x, @Const int[] positions, long count) throws NativeException;

  @Name("scatter_add_patches")
  public static native void scatterAddPatches(
      Tensor dx, @Const Tensor dy, @Const int[] positions, long count) throws NativeException;

  @Name("mask_logits")
  public static native void maskLogits(
      Tensor y, @Const Tensor x, @Const Tensor w, @Const Tensor b, @Const Tensor classIds)
      throws NativeException;

  @Name("mask_logits_grad")
  public static native void maskLogitsGrad(
      Tensor dx,
      Tensor dw,
      Tensor db,
      @Const Tensor dy,
      @Const Tensor x,
      @Const Tensor w,
      @Const Tensor classIds)
      throws NativeException;

  @Name("softmax_cross_entropy")
  public static native void softmaxCrossEntropy(
      Tensor loss, Tensor dlogits, @Const Tensor logits, @Const Tensor labels)
      throws NativeException;

  @Name("box_loss")
  public static native void boxLoss(
      Tensor loss, Tensor dpred, @Const Tensor pred, @Const Tensor target, @Const Tensor classIds)
      throws NativeException;

  @Name("mask_loss")
  public static native void maskLoss(
      Tensor loss,
      Tensor dlogits,
      @Const Tensor logits,
      @Const Tensor target,
      @Const Tensor classIds)
      throws NativeException;

  public static native void l2(
      Tensor y,
      @Const Tensor p,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      @Const float[] coefficients,
      long count)
      throws NativeException;

  @Name("l2_grad")
  public static native void l2Grad(
      Tensor squares,
      Tensor g,
      @Const Tensor p,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      @Const float[] coefficients,
      long count)
      throws NativeException;

  public static native void sgd(
      Tensor p,
      Tensor m,
      @Const Tensor g,
      @Cast("const int64_t*") long[] begins,
      @Cast("const int64_t*") long[] sizes,
      long count,
      float rate,
      float momentum,
      float factor)
      throws NativeException;
}
