# Bugs planted in real kernels, each of which the shim's checks or the table of cases must find.
#
# mutation_test(NAME KERNEL FILE RIGHT WRONG CASES FOUND): compiles KERNEL with WRONG in place of RIGHT in FILE, which is
# KERNEL itself or a header that it includes; all other kernels stay as they are. The test runs the cases whose name
# contains CASES, and passes if they fail with FOUND.

# An executable that brings a kernel of its own takes the others from these.
add_library(other_kernels STATIC $<TARGET_OBJECTS:plain_cases> $<TARGET_OBJECTS:checked_kernels>)
set_target_properties(other_kernels PROPERTIES LINKER_LANGUAGE CXX)

# What UndefinedBehaviorSanitizer finds is left to the kernels as they are, which takes half of the compiler's time.
set(MUTANT_COMPILE_OPTIONS -O0 -g1 -fsanitize=thread --param=tsan-instrument-func-entry-exit=0)
add_library(mutants_header OBJECT ${CMAKE_SOURCE_DIR}/cuda/simt/unchecked.cpp)  # any source would do
target_compile_options(mutants_header PRIVATE ${MUTANT_COMPILE_OPTIONS})
read_once(mutants_header PRIVATE ${KERNEL_HEADER})

function(mutation_test name kernel file right wrong cases found)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/mutations/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cuda/${file})
  if(NOT kernel STREQUAL file)
    configure_file(${CMAKE_SOURCE_DIR}/cuda/${kernel} ${folder}/${kernel} COPYONLY)
  endif()
  file(READ ${CMAKE_SOURCE_DIR}/cuda/${file} text)
  string(REPLACE "${right}" "" rest "${text}")
  string(LENGTH "${text}" length)
  string(LENGTH "${rest}" length_of_rest)
  string(LENGTH "${right}" length_of_right)
  math(EXPR places "(${length} - ${length_of_rest}) / ${length_of_right}")
  if(NOT places EQUAL 1)
    message(FATAL_ERROR "mutation_test ${name}: expected '${right}' once in cuda/${file}, found it ${places} times")
  endif()
  string(REPLACE "${right}" "${wrong}" mutated "${text}")
  file(CONFIGURE OUTPUT ${folder}/${file} CONTENT "${mutated}" @ONLY)
  set_source_files_properties(${folder}/${kernel} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++;-Wno-unused")
  add_executable(mutation_${name} ${folder}/${kernel})
  target_include_directories(mutation_${name} BEFORE PRIVATE ${folder})  # the changed header hides the real one
  target_compile_options(mutation_${name} PRIVATE ${MUTANT_COMPILE_OPTIONS})
  read_once(mutation_${name} REUSE_FROM mutants_header)
  target_link_libraries(mutation_${name} PRIVATE other_kernels)
  link_simt_tests(mutation_${name})
  target_link_options(mutation_${name} PRIVATE -Wl,--strip-debug)  # most of what is linked
  add_test(NAME mutation_${name} COMMAND mutation_${name} ${cases})
  set_tests_properties(mutation_${name} PROPERTIES PASS_REGULAR_EXPRESSION "${found}" FAIL_REGULAR_EXPRESSION ", 0 failed")
endfunction()

mutation_test(no_barrier_in_sum box_loss.cu common/reduce.cuh
  "of_warp[threadIdx.x / 32] = value;
  __syncthreads();" "of_warp[threadIdx.x / 32] = value;"
  "box_loss 300x2" "race in shared memory|uninitialised shared memory")
mutation_test(no_barrier_for_count box_loss.cu common/taking_part.cuh
  "if (threadIdx.x == 0) in_block = mine;
  __syncthreads();" "if (threadIdx.x == 0) in_block = mine;"
  "box_loss 9x3" "race in shared memory|uninitialised shared memory")
mutation_test(layer_before fold_bn.cu common/table_row.cuh
  "first_of(rows[middle]) <= place" "first_of(rows[middle]) < place"
  "fold_bn" "heap-buffer-overflow")
mutation_test(taps_in_their_own_order transpose_kernels.cu transpose_kernels.cu
  "groups.place(tap / groups.kw, tap % groups.kw)" "tap"
  "transpose_kernels" "FAILED transpose_kernels")
mutation_test(no_barrier_between_squares transpose_kernels.cu transpose_kernels.cu
  "__syncthreads();  // the square before has been read" ""
  "transpose_kernels" "race in shared memory")
mutation_test(anchors_of_another_level rpn_heads.cu rpn_heads.cu
  "image * anchors + first" "image * anchors"
  "rpn_heads 3x5x7x48" "FAILED rpn_heads")
mutation_test(no_barrier_for_classes mask_logits.cu mask_logits.cu
  "of_warp[warp][32] = bias_sum;
    __syncthreads();" "of_warp[warp][32] = bias_sum;"
  "mask_logits_grad 5x7x7x33" "race in shared memory|uninitialised shared memory")
mutation_test(regions_before_swaps detection_targets.cu detection_targets.cu
  "__syncthreads();
  for (int32_t i = threadIdx.x; i < per_image" "for (int32_t i = threadIdx.x; i < per_image"
  "detection_targets" "FAILED detection_targets")
mutation_test(no_barrier_for_level roi_align.cu roi_align.cu
  "level = level_of(box, image_area);
  __syncthreads();" "level = level_of(box, image_area);"
  "roi_align 1x2x2x1" "race in shared memory|uninitialised shared memory")
mutation_test(divergent_barrier mask_logits.cu mask_logits.cu
  "__syncthreads();  // the region before has been read" "if (lane < 16) __syncthreads();"
  "mask_logits_grad 5x7x7x33" "divergent barrier|deadlock")
mutation_test(lanes_leave_shuffle softmax_cross_entropy.cu softmax_cross_entropy.cu
  "round < rounds; ++round" "r < rows; ++round"
  "softmax_cross_entropy 13x2" "deadlock|lacks lanes")
mutation_test(uninitialised_shared gemm/pack.cu common/transpose_square.cuh
  "square[line][across] = r < rows && c < columns ? to_float(x[static_cast<int64_t>(r) * columns + c]) : 0.0f;"
  "if (r < rows && c < columns) square[line][across] = to_float(x[static_cast<int64_t>(r) * columns + c]);"
  "conv_data_grad bf16 2x9x7x5" "uninitialised shared memory")
mutation_test(copy_not_waited_for gemm/gather_gemm.cu gemm/pipeline.cuh
  "wait_copies<kStages - 2>();" "wait_copies<kStages - 1>();"
  "conv_block bf16 1x6x10x32" "cp.async has yet to write")
mutation_test(slice_filled_while_read gemm/pixel_gemm.cu gemm/pipeline.cuh
  "(step + kStages - 1) % kStages" "step % kStages"
  "conv_weight_grad bf16 1x6x10x32" "race in shared memory|cp.async has yet to write")
mutation_test(depth_read_beyond_its_end gemm/gather_gemm.cu gemm/gather_gemm.cu
  "(vector_ < left_) &" ""
  "conv_block and its gradients bf16 with nan" "FAILED conv_block")
mutation_test(rows_beyond_the_stretch batch_norm.cu common/column_reduce.cuh
  "if (r < end) term(" "term("
  "sum_rows" "FAILED sum_rows|heap-buffer-overflow")
mutation_test(ldmatrix_wrong_rows gemm/gather_gemm.cu gemm/tile.cuh
  "Stage::at(row + lane % 16, depth + lane / 16 * 8)" "Stage::at(row + lane % 8, depth + lane / 16 * 8)"
  "conv_block bf16 1x6x10x32" "FAILED conv_block bf16")
mutation_test(no_barrier_for_bias gemm/pixel_gemm.cu gemm/pixel_gemm.cu
  "store(shared + 2 * thread, sums_);
    __syncthreads();" "store(shared + 2 * thread, sums_);"
  "conv_weight_grad bf16 1x6x10x32" "race in shared memory|uninitialised shared memory")
mutation_test(mask_of_another_column gemm/gather_gemm.cu gemm/finish.cuh
  "load(masks, mask + column);" "load(masks, mask);"
  "conv_data_grad bf16 1x6x10x32" "FAILED conv_data_grad")
mutation_test(tile_guard_off_by_one gemm/pixel_gemm.cu gemm/pixel_gemm.cu
  "if (r >= rows ||" "if (r > rows ||"
  "conv_weight_grad f32 2x9x7x5" "FAILED conv_weight_grad|heap-buffer-overflow")
mutation_test(vectors_of_odd_rows upsample_add.cu common/vector_io.cuh
  "bool aligned = channels % kFull == 0;" "bool aligned = true;"
  "upsample_add 2x5x7x3" "misaligned address|FAILED upsample_add")
mutation_test(suppression_skips_a_column common/nms.cu common/nms.cu
  "later = c + 1 + lane" "later = c + 2 + lane"
  "propose 1x301" "FAILED propose")
mutation_test(one_tie_too_many propose.cu propose.cu
  "taken + place < of_last" "taken + place <= of_last"
  "tied" "FAILED propose|heap-buffer-overflow")
mutation_test(stream_without_queued_launches device/memory.cu device/memory.cu
  "flush_launches();
  return raw_stream();" "return raw_stream();"
  "graph: copies keep their place" "FAILED graph")
mutation_test(memory_released_too_early device/memory.cu device/memory.cu
  "flush_launches();  // they may use the block" ""
  "graph: memory is given back" "FAILED graph|heap-use-after-free")
mutation_test(any_graph device/launches.cu device/launches.cu
  "graphs().find(sequence);" "graphs().begin();"
  "graph: with another address" "FAILED graph|heap-use-after-free")
mutation_test(graph_not_ended device/launches.cu device/launches.cu
  "queueing = false;
  queue().flush();" "queueing = false;"
  "graph: a sequence" "FAILED graph|heap-use-after-free")
mutation_test(gradients_sent_too_early nccl/gradient_exchange.cu nccl/gradient_exchange.cu
  "check_cuda(cudaStreamWaitEvent(e.stream, e.written, 0), \"ranks\");" ""
  "sums over 2 ranks" "FAILED sums over 2 ranks")
mutation_test(sums_read_too_early nccl/gradient_exchange.cu nccl/gradient_exchange.cu
  "check_cuda(cudaStreamWaitEvent(stream(), e.done, 0), \"ranks\");" ""
  "sums over 2 ranks" "FAILED sums over 2 ranks")
mutation_test(sums_in_another_order nccl/gradient_exchange.cu nccl/gradient_exchange.cu
  "for (; (rank >> level & 1) != 0; ++level)" "for (; rank >> level != 0 && level < 1; ++level)"
  "sums over 4 ranks" "FAILED sums over 4 ranks")
# Of the kernels of compute capability 9.0.
mutation_test(wgmma_reads_what_is_overwritten hopper/gather_wgmma.cu hopper/ring.cuh
  "wgmma_wait<1>();" "wgmma_wait<2>();"
  "conv_block bf16 1x5x3x72" "may still read")
mutation_test(wgmma_other_swizzle hopper/gather_wgmma.cu hopper/ring.cuh
  "static_cast<uint64_t>(1) << 62;" "static_cast<uint64_t>(2) << 62;"
  "conv_block bf16 1x6x10x32" "FAILED conv_block bf16")
mutation_test(wgmma_other_tap hopper/gather_wgmma.cu hopper/tap_window.cuh
  "g.direction > 0 ? tap : taps - 1 - tap;" "tap + 0 * taps * g.step;"
  "conv_data_grad bf16 1x6x10x32" "FAILED conv_data_grad")
