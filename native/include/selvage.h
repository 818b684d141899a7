// The whole boundary between Java and the native backends.
//
// Conventions. A Tensor is row-major, of rank 1 to 5; images and feature maps are [N,H,W,C]. Every op writes into
// outputs that the caller allocated (first arguments) and checks every shape; an op overwrites its outputs unless its
// comment says that it adds. Boxes are (y1,x1,y2,x2), normalized. Index lists are host arrays. Errors are C++
// exceptions (error.h) whose message reads `op: argument [shape] needs X, has Y`; JavaCPP turns them into Java's
// NativeException, which has their kind.
// "ref" names the function of the Keras/Matterport model, or the paper, that an op computes.
//
// Types. Feature maps and their gradients may be f32, bf16 or f16; the maps of one call have one type. Everything else
// is f32: parameters, folded weights and biases, their gradients, statistics, momenta, logits that enter a loss,
// deltas, boxes, losses. An op on short maps rounds the weights it reads to their type, and adds in float32.
#pragma once

#include <cstdint>

#define SELVAGE_API __attribute__((visibility("default")))

namespace selvage {

class Tensor;

// The kind of the C++ exception that this thread handles at the moment, as a number of ErrorKind (error.h); 0 if there
// is none. For a caller that turns exceptions into those of another language.
SELVAGE_API int current_error_kind();

// ---- runtime ----------------------------------------------------------------------------------------------------
// device is cpu, cuda or cuda:N; cuda_library is the path of libselvage_cuda.so, loaded only for a GPU. Tensors stay on
// the device they were made on, and ops take only those of the selected one.
SELVAGE_API void select_device(const char* device, const char* cuda_library);
// How the selected device forms products of float32 tensors: f32 (the default), tf32, bf16 or f16. The CPU has f32
// only.
SELVAGE_API void select_precision(const char* precision);
// Loads cuDNN next to the selected GPU's built-in kernels, from a path or by the name libcudnn.so.9. Returns an empty
// text, or why it cannot be used, with the package that installs it. The text lives until the next call.
SELVAGE_API const char* open_cudnn(const char* library);
// Which kernels compute the selected device's convolutions: builtin (the default), and once cuDNN is loaded also cudnn,
// or auto, which times both when a shape first comes and keeps the faster. Dense layers and the 2x2 transposed
// convolution always use the built-in kernels.
SELVAGE_API void select_convolutions(const char* engine);
// Ops between the two are likely to be called again with the same tensors. A GPU records them as CUDA graphs, and
// starts a graph with one call when the same ops come again. Results are the same with and without, also where other
// ops or tensors come. Does nothing on the CPU.
SELVAGE_API void begin_graph();
SELVAGE_API void end_graph();
// Whether a profiler takes names, by NVIDIA's NVTX: found out once. Graphs, whose launches it could not tell apart, are
// then left out.
SELVAGE_API bool profiled();
// A range that the profiler shows above what runs in it. Ranges nest; each op on a GPU is one.
SELVAGE_API void begin_range(const char* name);
SELVAGE_API void end_range();
// Channels in which the selected device wants photos of a type (0 for f32, 1 for bf16, 2 for f16): 3 on the CPU, on a
// GPU as many as it reads at once.
SELVAGE_API int image_channels(int type);
SELVAGE_API const char* selected_device();  // e.g. "cpu", "cuda:0"
SELVAGE_API const char* device_hardware();  // its maker's name for it
// Whether the selected device has tensors of a type: 0 for f32, 1 for bf16, 2 for f16. The CPU has bf16 where its
// instructions do (avx512_bf16), and f16 never.
SELVAGE_API bool has_type(int type);
// Why the first GPU cannot be used, by NVIDIA's driver alone; empty if it can.
SELVAGE_API const char* why_no_gpu();
SELVAGE_API void set_threads(int count);  // the CPU's
SELVAGE_API int threads();
SELVAGE_API const char* cpu_features();      // e.g. "avx2 fma"
SELVAGE_API const char* library_versions();  // e.g. "kernels for AVX-512 and bf16"
SELVAGE_API int64_t live_tensors();          // tensors not yet freed: the leak counter
SELVAGE_API int64_t allocated_bytes();       // bytes that the device's allocator holds, cached blocks included
SELVAGE_API int64_t executed_flops();        // floating-point operations of all products since the process began

// The native tests' table of cases on the selected device, each against plain loops in double precision. The cases are
// in libselvage_checks.so, and grouped by operation.
struct CheckResult {
  int cases, failed;
  // Of the case that comes closest to its limit, or goes furthest beyond: the error that it found, relative to what it
  // compares with, the limit, and its name. NaN for an error that has no number.
  double error, limit;
  const char* worst_case;
};
SELVAGE_API int open_checks(const char* checks_library);  // loads the library; the number of groups
SELVAGE_API const char* check_name(int group);
SELVAGE_API const CheckResult* run_check(int group);  // lives until the next call

// Times of the ops of a training step of ResNet-50 with FPN on the selected device, one row for each op and shape.
// bench.h says how they are measured.
struct BenchDevice {
  const char* name;
  double flops, bytes;       // a second, the most that the device can do
  const char* flops_source;  // where flops comes from: "data sheet" or "a matrix product"
};
struct BenchResult {
  double seconds;           // of one call, the median
  double flops, bytes;      // of one call
  double roofline_seconds;  // the least time on this device
  double cudnn_seconds;     // the same by cuDNN; NaN where it is not loaded or has no such op
};
// Chooses the rows whose name contains `part`, for `images` images [height,width] and maps of `type`, and measures the
// device if there are any. The number of rows.
SELVAGE_API int open_bench(const char* part, int images, int height, int width, int type);
SELVAGE_API const BenchDevice* bench_device();
SELVAGE_API const char* bench_name(int row);
SELVAGE_API const BenchResult* run_bench(int row);  // lives until the next call

// To be called before OpenCV is loaded. Its decoders' lines on C's stderr and its log name no file, and are dropped;
// what we, Java and C++'s std::cerr print stays. OpenBLAS, which OpenCV is linked with and nothing calls, gets one
// thread.
SELVAGE_API void prepare_opencv();

// Ends the process at once. An ordinary exit destroys what static objects hold, the memory of tensors among it, under
// threads that still compute.
[[noreturn]] SELVAGE_API void end_process(int code);

// ---- ranks ------------------------------------------------------------------------------------------------------
// Several processes that train one model. Loads the library that joins them and joins; the path is that of
// libselvage_mpi.so. Unless it says otherwise, a function here is called by one thread, which may be another than the
// one that computes.
// An int that they return is a RanksStatus (ranks_library.h): 0 done, 1 a rank did not come in time, 2 a rank has said
// that it failed, 3 the library failed. After that only ranks_fail and ranks_part may be called.
SELVAGE_API int ranks_open(const char* library);
SELVAGE_API int ranks_rank();
SELVAGE_API int ranks_size();
SELVAGE_API const char* ranks_name();  // of the library, with its version
// values [size,bytes]: each rank fills its own row, and gets those of all.
SELVAGE_API int ranks_gather(void* values, int64_t bytes, double seconds);
// All get rank 0's.
SELVAGE_API int ranks_broadcast(void* values, int64_t bytes, double seconds);
SELVAGE_API int ranks_broadcast_tensor(Tensor* values, double seconds);
// All get the sum over the ranks, added as a binary tree of neighbours: ((0+1)+(2+3))+(4+5). f32 on the CPU. No op may
// use the values meanwhile.
SELVAGE_API int ranks_sum(Tensor* values, double seconds);
// The same where every rank computes on a GPU of its own. Loads NCCL, from a path or by a name: an empty text, or why
// it cannot be used, with the package that installs it. The text lives until the next call.
SELVAGE_API const char* ranks_open_nccl(const char* library);
SELVAGE_API const char* ranks_device_address();  // of the GPU on its machine; empty on the CPU
SELVAGE_API int ranks_connect_gpus(double seconds);
// Called by the thread that computes: begins to sum values, beside the ops that follow; lets the ops that follow come
// after all sums that were begun.
SELVAGE_API void ranks_begin_sum(Tensor* values);
SELVAGE_API void ranks_take_sums();
// Waits until the sums are there and all ops before ranks_take_sums have run.
SELVAGE_API int ranks_await(double seconds);
// How long these sums took, from the first message to the last, or how long of that no op before ranks_take_sums ran.
SELVAGE_API double ranks_exchange_seconds(bool shown);
// Tells all others why this rank ends.
SELVAGE_API void ranks_fail(const char* sentence);
// After ranks_fail: waits until all others end, too.
SELVAGE_API void ranks_part(double seconds);
SELVAGE_API void ranks_close();           // leaves, after the last exchange
SELVAGE_API int ranks_culprit();          // the rank that did not come, or that failed
SELVAGE_API const char* ranks_message();  // what it said, or what failed

// ---- tensors ----------------------------------------------------------------------------------------------------
// Uninitialised, 64-byte aligned; type is 0 for f32, 1 for bf16, 2 for f16, one that the selected device has.
SELVAGE_API Tensor* tensor_new(const int64_t* shape, int rank, int type);
// Shares base's memory from element `offset` on; base must outlive it.
SELVAGE_API Tensor* tensor_view(Tensor* base, int64_t offset, const int64_t* shape, int rank);
SELVAGE_API void tensor_free(Tensor* tensor);
// Promises that the values stay until the next call: a backend may keep what it derives from them, as transformed
// weights, in memory of its own. Each call drops what was kept before.
SELVAGE_API void hold_constant(Tensor* tensor, bool constant);
// The host's side is float always.
SELVAGE_API void tensor_upload(Tensor* tensor, const float* source, int64_t count);
SELVAGE_API void tensor_download(const Tensor* tensor, float* target, int64_t count);
SELVAGE_API void fill(Tensor* y, float value);
SELVAGE_API void copy(Tensor* y, const Tensor* x);
SELVAGE_API void cast(Tensor* y, const Tensor* x);  // y = x from any type to any other, to the nearest, ties to even
SELVAGE_API void add(Tensor* y, const Tensor* x);   // y += x
SELVAGE_API void scale(Tensor* y, float factor);    // y *= factor
// y += share (x - y), f32: a moving average takes up one more value, and stays as it is where the two are the same
SELVAGE_API void average(Tensor* y, const Tensor* x, float share);
SELVAGE_API double sum_squares(const Tensor* x);  // double accumulation
SELVAGE_API double sum(const Tensor* x);
SELVAGE_API bool all_finite(const Tensor* x);

// ---- convolution block ------------------------------------------------------------------------------------------
// y [N,OH,OW,O] = relu?(conv(x [N,H,W,I], w [KH,KW,I,O]) + b [O] + residual [N,OH,OW,O]); b and residual may be null.
// Symmetric zero padding of `pad`; OH = (H + 2 pad - KH) / stride + 1. Without a residual, y may be f32 beside a short
// x: logits. On a GPU, w may be of x's type instead of f32, and in conv_data_grad of dy's.
SELVAGE_API void conv_block(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* residual,
                            int stride, int pad, bool relu);
// dx = the convolution's adjoint applied to dy, + others, the gradients by other paths; 0 where the activation is not
// positive, which is what x is if it comes from a ReLU. others and the activation are like dx; each may be null.
// transposed: null, or w as transpose_kernels makes it, which a GPU then need not do; not for several taps without
// padding, whose gradient may be a dense product of all taps at once.
SELVAGE_API void conv_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* transposed,
                                const Tensor* others, const Tensor* activation, int stride, int pad);
// The kernels of `count` convolutions, the matrix [I,O] of each tap transposed: w and transposed are arenas of one
// layout and type, in which a kernel has the same place. Taps with equal (ky mod stride, kx mod stride) lie together,
// in the order of these residues. kernels [count,6] from the host: the offset of a kernel, KH, KW, I, O, and its
// stride.
SELVAGE_API void transpose_kernels(Tensor* transposed, const Tensor* w, const int64_t* kernels, int64_t count);
// dw [KH,KW,I,O], db [O] (may be null)
SELVAGE_API void conv_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy, int stride, int pad);
// Frozen batch norm folded into the convolutions before it, of `count` layers at once: s = gamma / sqrt(var + eps);
// wf = w s, bf = (b - mean) s + beta. All lie in flat arenas of one layout: what is folded lies in `folded` where w and
// b lie in p. layers [count,8] from the host: the offsets of w [rows,channels] and of b, gamma, beta, mean and var
// [channels], then rows and channels. Ranges of different layers must not overlap.
SELVAGE_API void fold_bn(Tensor* folded, const Tensor* p, const int64_t* layers, int64_t count, float eps);
// Exact gradients, in place: g holds dwf and dbf where p holds w and b, and then dw = s dwf, db = s dbf, dbeta = dbf
// and dgamma = (<dwf_c, w_c> + dbf_c (b_c - mean_c)) / sqrt(var_c + eps) where these belong.
SELVAGE_API void fold_bn_grad(Tensor* g, const Tensor* p, const int64_t* layers, int64_t count, float eps);
// 2x2 transposed convolution of stride 2: y [N,2H,2W,O] = relu?(deconv(x [N,H,W,I], w [2,2,O,I]) + b [O])
SELVAGE_API void deconv2x2(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, bool relu);
// others and activation as of conv_data_grad
SELVAGE_API void deconv2x2_data_grad(Tensor* dx, const Tensor* dy, const Tensor* w, const Tensor* others,
                                     const Tensor* activation);
SELVAGE_API void deconv2x2_weight_grad(Tensor* dw, Tensor* db, const Tensor* x, const Tensor* dy);

// ---- dense, pointwise, batch statistics -------------------------------------------------------------------------
// y [M,N] = relu?(op(a) op(b) + bias [N]), op transposes its matrix if told to; bias may be null. Each of y, a and b is
// f32 or of one short type; if one is short, both operands are rounded to that type.
SELVAGE_API void matmul(Tensor* y, const Tensor* a, const Tensor* b, const Tensor* bias, bool transpose_a,
                        bool transpose_b, bool relu);
SELVAGE_API void sum_rows(Tensor* y, const Tensor* x);                      // y [C] = sum over all but the last axis
SELVAGE_API void relu_grad(Tensor* dx, const Tensor* dy, const Tensor* y);  // dx = y > 0 ? dy : 0; dx may be dy
SELVAGE_API void add_relu(Tensor* y, const Tensor* a, const Tensor* b, bool relu);  // y = relu?(a + b); b may be null
// Batch statistics over all but the last axis: y = gamma (x - mean) / sqrt(var + eps) + beta; biased variance.
SELVAGE_API void batch_norm(Tensor* y, Tensor* mean, Tensor* var, const Tensor* x, const Tensor* gamma,
                            const Tensor* beta, float eps);
SELVAGE_API void batch_norm_grad(Tensor* dx, Tensor* dgamma, Tensor* dbeta, const Tensor* dy, const Tensor* x,
                                 const Tensor* gamma, const Tensor* mean, const Tensor* var, float eps);
SELVAGE_API void softmax(Tensor* y, const Tensor* x);  // over the last axis
SELVAGE_API void sigmoid(Tensor* y, const Tensor* x);

// ---- pyramid ----------------------------------------------------------------------------------------------------
// 3x3, stride 2, TensorFlow's "same" padding (bottom and right for even sizes): y [N,ceil(H/2),ceil(W/2),C]
SELVAGE_API void max_pool(Tensor* y, const Tensor* x);
SELVAGE_API void max_pool_grad(Tensor* dx, const Tensor* dy, const Tensor* x, const Tensor* y);
SELVAGE_API void upsample_add(Tensor* y, const Tensor* top, const Tensor* lateral);  // y = nearest 2x(top) + lateral
SELVAGE_API void upsample_grad(Tensor* dtop, const Tensor* dy);                      // sums of 2x2
SELVAGE_API void subsample(Tensor* y, const Tensor* x);                              // y = x[:, ::2, ::2] (P6)
SELVAGE_API void subsample_grad(Tensor* dx, const Tensor* dy);                       // adds into dx
// Begins to bring the next photos, `count` bytes at rgb on the host, to the device while it computes; the host's are
// free again on return. The next mold_images must be told the same address for the same bytes, or any other; null takes
// back what was begun. The CPU has nothing to bring.
SELVAGE_API void prefetch_images(const uint8_t* rgb, int64_t count);
// rgb [N,H,W,3] bytes on the host -> y [N,H,W,C] = rgb - mean pixel, and 0 in channels beyond the third. C is 3, or
// image_channels(y's type), whose maps conv_block and conv_weight_grad take with weights [KH,KW,3,O].
SELVAGE_API void mold_images(Tensor* y, const uint8_t* rgb, int64_t count, float mean_r, float mean_g, float mean_b);

// The RPN's two 1x1 heads at one level: of the R anchors of each cell, logits [N,A,2] and deltas [N,A,4] of each image,
// from anchor `first` on. x [N,H,W,C], class_w [1,1,C,2R], class_b [2R], bbox_w [1,1,C,4R], bbox_b [4R]
SELVAGE_API void rpn_heads(Tensor* logits, Tensor* deltas, int64_t first, const Tensor* x, const Tensor* class_w,
                           const Tensor* class_b, const Tensor* bbox_w, const Tensor* bbox_b);

// ---- regions ----------------------------------------------------------------------------------------------------
// PyramidROIAlign (crop_and_resize, one bilinear sample a cell; level = 4 + round(log2(sqrt(hw) / (224/sqrt(image
// area)))) in 2..5). y [R,S,S,C], p2..p5 [N,Hl,Wl,C], boxes [R,4], image_indices [R], image size in pixels.
//
// Lists of regions (image_indices, class_ids, mask_indices, labels) are f32 tensors of whole numbers, so that they can
// be made on a device. On the CPU their values are checked; on a device that would make the host wait. A region whose
// image index is below 0 has features of zero and passes no gradient on.
SELVAGE_API void roi_align(Tensor* y, const Tensor* p2, const Tensor* p3, const Tensor* p4, const Tensor* p5,
                           const Tensor* boxes, const Tensor* image_indices, float image_height, float image_width);
SELVAGE_API void roi_align_grad(Tensor* dp2, Tensor* dp3, Tensor* dp4, Tensor* dp5, const Tensor* dy,
                                const Tensor* boxes, const Tensor* image_indices, float image_height,
                                float image_width);  // adds into dp2..dp5
// ProposalLayer: logits [N,A,2], deltas [N,A,4], anchors [A,4] -> y [N,count,4], zero padded. Top `pre_nms` by
// foreground probability (ties: lower index first), deltas times deviations (dy,dx,dh,dw), clip to [0,1], NMS.
SELVAGE_API void propose(Tensor* y, const Tensor* logits, const Tensor* deltas, const Tensor* anchors, int pre_nms,
                         float nms_threshold, const float* deviations);
// refine_detections of one image: rois [R,4], probs [R,K], deltas [R,K,4] times deviations (dy,dx,dh,dw), window
// (y1,x1,y2,x2) -> y [D,6] rows (y1,x1,y2,x2,class,score) by falling score, zero padded; per-class NMS. nms_threshold
// as in Matterport.
SELVAGE_API void refine_detections(Tensor* y, const Tensor* rois, const Tensor* probs, const Tensor* deltas,
                                   float window_y1, float window_x1, float window_y2, float window_x2,
                                   float min_confidence, float nms_threshold, const float* deviations);
// DetectionTargetLayer: what the heads learn from. Of the proposals [N,C,4], of which those of zeros are padding, each
// image gets T regions: first positives (IoU with one of its objects of at least 0.5), at most T times positive_ratio,
// then negatives up to positives / positive_ratio, then zeros. Both are chosen at random, positives first, image by
// image, by partial Fisher-Yates shuffles with `draws`: numbers of 31 random bits, used as java.util.Random.nextInt
// uses them. One more than R draws are needed for each rejected one; where they run out, the next of those left is
// chosen. boxes [R,4] with R = N T; class_ids [R], 0 for negatives and zeros; deltas [R,4] divided by deviations
// (dy,dx,dh,dw), zeros but for positives. The positives of all images in order once more: positive_boxes [M,4],
// positive_images [M], positive_classes [M], mask_indices [M], the object counted over all images, and mask_boxes
// [M,4], the region in the frame of its object's mask, which is the object's box, or with whole_masks the image. M = N
// int(T positive_ratio); rows that are left over hold zeros, and indices of -1. From the host: object_boxes [G,4] in
// pixels, far edges exclusive, object_classes [G], object_counts [N].
SELVAGE_API void detection_targets(Tensor* boxes, Tensor* class_ids, Tensor* deltas, Tensor* positive_boxes,
                                   Tensor* positive_images, Tensor* positive_classes, Tensor* mask_indices,
                                   Tensor* mask_boxes, const Tensor* proposals, const float* object_boxes,
                                   const int32_t* object_classes, const int32_t* object_counts, const int32_t* draws,
                                   int64_t draw_count, int image_height, int image_width, double positive_ratio,
                                   const float* deviations, bool whole_masks);
// y [P,S,S] = round(crop_and_resize(mini_masks [G,H,W], boxes [P,4] in each mask's own frame)), mask_indices [P]; zeros
// where the index is below 0
SELVAGE_API void mask_targets(Tensor* y, const Tensor* mini_masks, const Tensor* boxes, const Tensor* mask_indices);

// ---- rows and patches (sparse RPN backward, class-wise selection) -----------------------------------------------
// Rows and positions come from the host. -1 stands for none: that row of y is neither written nor read.
SELVAGE_API void gather_rows(Tensor* y, const Tensor* x, const int32_t* rows, int64_t count);  // y [count,C], x [M,C]
SELVAGE_API void scatter_add_rows(Tensor* x, const Tensor* y, const int32_t* rows, int64_t count);  // x[rows] += y
// 3x3 zero-padded patches around flat positions (n H + y) W + x of x [N,H,W,C]: y [count, 9 C], tap-major as w
// [3,3,C,O]
SELVAGE_API void gather_patches(Tensor* y, const Tensor* x, const int32_t* positions, int64_t count);
SELVAGE_API void scatter_add_patches(Tensor* dx, const Tensor* dy, const int32_t* positions, int64_t count);

// ---- one-channel mask head --------------------------------------------------------------------------------------
// The last 1x1 convolution for one class a ROI: y [P,S,S] = x [P,S,S,C] . w[:, class_ids[p]] + b[class_ids[p]];
// w [1,1,C,K], b [K]
SELVAGE_API void mask_logits(Tensor* y, const Tensor* x, const Tensor* w, const Tensor* b, const Tensor* class_ids);
SELVAGE_API void mask_logits_grad(Tensor* dx, Tensor* dw, Tensor* db, const Tensor* dy, const Tensor* x,
                                  const Tensor* w, const Tensor* class_ids);

// ---- losses: the mean loss and its gradient are written --------------------------------------------------------
// loss [1] stays on the device, so that no loss makes the host wait. labels [R]; a label < 0 takes no part. No part at
// all: loss 0, gradient 0.
SELVAGE_API void softmax_cross_entropy(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* labels);
// smooth L1 of the boxes of regions' own classes: pred [R,K,4], with K = 1 for boxes that all classes share,
// target [R,4], class_ids [R]; a class of 0 or less takes no part
SELVAGE_API void box_loss(Tensor* loss, Tensor* dpred, const Tensor* pred, const Tensor* target,
                          const Tensor* class_ids);
// binary cross-entropy of sigmoid(logits [P,...]) clipped to [1e-7, 1 - 1e-7], as Keras does: the mean over all
// elements of the regions whose class_ids [P] are above 0
SELVAGE_API void mask_loss(Tensor* loss, Tensor* dlogits, const Tensor* logits, const Tensor* target,
                           const Tensor* class_ids);

// ---- optimiser: all parameters that learn in one call ------------------------------------------------------------
// They are `count` disjoint stretches of the flat arenas p, m and g: sizes[i] elements from begins[i] on.
// y [1] = sum over the stretches of coefficients[i] sum p^2 (Keras' l2 regulariser, coefficient = decay / size)
SELVAGE_API void l2(Tensor* y, const Tensor* p, const int64_t* begins, const int64_t* sizes, const float* coefficients,
                    int64_t count);
// In each stretch g += 2 coefficient p, the regulariser's gradient. squares [2] = the sum of the squares of all of them
// together, as the 8 bytes of a double.
SELVAGE_API void l2_grad(Tensor* squares, Tensor* g, const Tensor* p, const int64_t* begins, const int64_t* sizes,
                         const float* coefficients, int64_t count);
// In each stretch m = momentum m - rate factor g; p += m (Keras' SGD; factor is the clip of the global norm)
SELVAGE_API void sgd(Tensor* p, Tensor* m, const Tensor* g, const int64_t* begins, const int64_t* sizes, int64_t count,
                     float rate, float momentum, float factor);

}  // namespace selvage
