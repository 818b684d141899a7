// Pooling, the pyramid's resampling, and images on their way in.
#include "check.h"

namespace selvage {
namespace {

// y holds every second pixel of x along both axes, the first included.
void check_halved(const char* op, const Tensor* x, const char* y_name, const Tensor* y) {
  check_rank(op, "x", x, 4);
  check_shape(op, y_name, y, {x->dim(0), (x->dim(1) + 1) / 2, (x->dim(2) + 1) / 2, x->dim(3)});
  check_one_type(op, x, {{y_name, y}});
}

}  // namespace

void max_pool(Tensor* y, const Tensor* x) {
  check_halved("max_pool", x, "y", y);
  backend().max_pool(y, x);
}

void max_pool_grad(Tensor* dx, const Tensor* dy, const Tensor* x, const Tensor* y) {
  check_halved("max_pool_grad", x, "y", y);
  check_same("max_pool_grad", "dx", dx, x);
  check_same("max_pool_grad", "dy", dy, y);
  check_one_type("max_pool_grad", x, {{"dx", dx}, {"dy", dy}});
  backend().max_pool_grad(dx, dy, x, y);
}

void upsample_add(Tensor* y, const Tensor* top, const Tensor* lateral) {
  check_rank("upsample_add", "top", top, 4);
  const int64_t n = top->dim(0), h = 2 * top->dim(1), w = 2 * top->dim(2), channels = top->dim(3);
  check_shape("upsample_add", "lateral", lateral, {n, h, w, channels});
  check_shape("upsample_add", "y", y, {n, h, w, channels});
  check_one_type("upsample_add", top, {{"lateral", lateral}, {"y", y}});
  backend().upsample_add(y, top, lateral);
}

void upsample_grad(Tensor* dtop, const Tensor* dy) {
  check_rank("upsample_grad", "dtop", dtop, 4);
  check_shape("upsample_grad", "dy", dy, {dtop->dim(0), 2 * dtop->dim(1), 2 * dtop->dim(2), dtop->dim(3)});
  check_one_type("upsample_grad", dtop, {{"dy", dy}});
  backend().upsample_grad(dtop, dy);
}

void subsample(Tensor* y, const Tensor* x) {
  check_halved("subsample", x, "y", y);
  backend().subsample(y, x);
}

void subsample_grad(Tensor* dx, const Tensor* dy) {
  check_halved("subsample_grad", dx, "y", dy);
  backend().subsample_grad(dx, dy);
}

void prefetch_images(const uint8_t* rgb, int64_t count) { backend().prefetch_images(rgb, count); }

void mold_images(Tensor* y, const uint8_t* rgb, int64_t count, float mean_r, float mean_g, float mean_b) {
  check(count % 3 == 0, "mold_images", "rgb needs three bytes a pixel, has " + std::to_string(count) + " bytes");
  check_not_null("mold_images", "y", y);
  const int64_t wide = image_channels(static_cast<int>(y->type()));
  check_size("mold_images", "y", y, y->last() == wide ? count / 3 * wide : count);
  backend().mold_images(y, rgb, count, mean_r, mean_g, mean_b);
}

}  // namespace selvage
