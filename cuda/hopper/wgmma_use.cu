// Which products the path of compute capability 9.0 takes.
#include <cstdlib>
#include <string>

#include "hopper/tap_window.cuh"
#include "hopper/wgmma_gemm.h"

namespace selvage::cuda {
namespace {

WgmmaUse from_environment() {
  const char* text = std::getenv("SELVAGE_WGMMA");
  const std::string word = text == nullptr ? "" : text;
  if (word.empty() || word == "0") return WgmmaUse::never;
  if (word == "1") return WgmmaUse::where_it_pays;
  if (word == "all") return WgmmaUse::wherever_it_can;
  throw Error(ErrorKind::unsupported, "SELVAGE_WGMMA: expected 0, 1 or all, found '" + word + "'");
}

WgmmaUse& use() {
  static WgmmaUse chosen = from_environment();
  return chosen;
}

bool is_hopper() {
  int device = 0, major = 0, minor = 0;
  check_cuda(cudaGetDevice(&device), "wgmma");
  check_cuda(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "wgmma");
  check_cuda(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device), "wgmma");
  return major == 9 && minor == 0;
}

}  // namespace

WgmmaUse wgmma_use() { return use(); }
void set_wgmma_use(WgmmaUse chosen) { use() = chosen; }

bool wgmma_takes(const GatherGrid& g, int columns) {
  if (use() == WgmmaUse::never || g.rows() == 0 || g.depth() == 0 || !is_hopper()) return false;
  if (!TapWindow(g).fits(g)) return false;
  // Padding to slices of 64 channels and tiles of 128 columns costs as much as what it pads.
  return use() == WgmmaUse::wherever_it_can || (4 * g.channels >= 3 * tiles(g.channels, 64) * 64 && columns > 64);
}

}  // namespace selvage::cuda
