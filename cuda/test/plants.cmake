# Bugs planted in real kernels, each of which the shim's checks or the table of cases must find.
#
# plant(NAME HOW KERNEL FILE RIGHT WRONG CASES FOUND [HEADER...]): KERNEL with WRONG in place of RIGHT in FILE, itself or a
# header that it includes, through HEADERs if not by itself; all other kernels as they are. HOW: sanitized or racing, which
# checks. A test runs the cases whose name contains CASES and passes if they fail with FOUND.

# An executable that brings a kernel of its own takes the others from these.
foreach(how sanitized racing)
  add_library(other_kernels_${how} STATIC $<TARGET_OBJECTS:kernels_${how}>)
  set_target_properties(other_kernels_${how} PROPERTIES LINKER_LANGUAGE CXX)
endforeach()

function(plant name how kernel file right wrong cases found)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/plants/${name})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cuda/${file})
  foreach(copied ${kernel} ${ARGN})
    if(NOT copied STREQUAL file)
      configure_file(${CMAKE_SOURCE_DIR}/cuda/${copied} ${folder}/${copied} COPYONLY)
    endif()
  endforeach()
  file(READ ${CMAKE_SOURCE_DIR}/cuda/${file} text)
  string(REPLACE "${right}" "" rest "${text}")
  string(LENGTH "${text}" length)
  string(LENGTH "${rest}" length_of_rest)
  string(LENGTH "${right}" length_of_right)
  math(EXPR places "(${length} - ${length_of_rest}) / ${length_of_right}")
  if(NOT places EQUAL 1)
    message(FATAL_ERROR "plant ${name}: expected '${right}' once in cuda/${file}, found it ${places} times")
  endif()
  string(REPLACE "${right}" "${wrong}" planted "${text}")
  file(CONFIGURE OUTPUT ${folder}/${file} CONTENT "${planted}" @ONLY)
  set_source_files_properties(${folder}/${kernel} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++;-Wno-unused")
  add_executable(plant_${name} ${folder}/${kernel})
  target_compile_options(plant_${name} PRIVATE ${SIMT_OPTIONS_${how}})
  target_compile_definitions(plant_${name} PRIVATE ${SIMT_DEFINITIONS_${how}})
  target_link_libraries(plant_${name} PRIVATE other_kernels_${how})
  link_simt_tests(plant_${name} ${how})
  add_test(NAME plant_${name} COMMAND plant_${name} ${cases})
  set_tests_properties(plant_${name} PROPERTIES PASS_REGULAR_EXPRESSION "${found}" FAIL_REGULAR_EXPRESSION ", 0 failed")
endfunction()

plant(no_barrier_in_sum racing smooth_l1.cu reduce.cuh
  "of_warp[threadIdx.x / 32] = value;
  __syncthreads();" "of_warp[threadIdx.x / 32] = value;"
  "smooth_l1 257" "race in shared memory|uninitialised shared memory")
plant(no_barrier_for_level racing roi_align.cu roi_align.cu
  "level = level_of(box, image_area);
  __syncthreads();" "level = level_of(box, image_area);"
  "roi_align 1x2x2x1" "race in shared memory|uninitialised shared memory")
plant(divergent_barrier racing mask_logits.cu mask_logits.cu
  "__syncthreads();  // the region before has been read" "if (lane < 16) __syncthreads();"
  "mask_logits_grad 5x7x7x33" "divergent barrier|deadlock")
plant(lanes_leave_shuffle racing softmax_cross_entropy.cu softmax_cross_entropy.cu
  "round < rounds; ++round" "r < rows; ++round"
  "softmax_cross_entropy 13x2" "deadlock|lacks lanes")
plant(uninitialised_shared racing operands.cu operands.cu
  "square[line][x] = c < in && o < out ? to_float(w[(static_cast<int64_t>(tap) * in + c) * out + o]) : 0.0f;"
  "if (c < in && o < out) square[line][x] = to_float(w[(static_cast<int64_t>(tap) * in + c) * out + o]);"
  "conv_data_grad bf16 2x9x7x5" "uninitialised shared memory")
plant(copy_not_waited_for racing gather_gemm.cu gather_gemm.cu
  "wait_copies<kStages - 2>();" "wait_copies<kStages - 1>();"
  "conv_block bf16 1x6x10x32" "cp.async has yet to write")
plant(ldmatrix_wrong_rows sanitized gather_gemm.cu tile.cuh
  "Stage::at(row + lane % 16, depth + lane / 16 * 8)" "Stage::at(row + lane % 8, depth + lane / 16 * 8)"
  "conv_block bf16 1x6x10x32" "FAILED conv_block bf16" gather_gemm.cuh)
plant(tile_guard_off_by_one sanitized pixel_gemm.cu pixel_gemm.cu
  "if (r >= rows ||" "if (r > rows ||"
  "conv_weight_grad f32 2x9x7x5" "FAILED conv_weight_grad|heap-buffer-overflow")
plant(vectors_of_odd_rows sanitized upsample_add.cu vectors.cuh
  "bool aligned = channels % kFull == 0;" "bool aligned = true;"
  "upsample_add 2x5x7x3" "misaligned address|FAILED upsample_add")
plant(suppression_skips_a_column sanitized nms.cu nms.cu
  "later = c + 1 + lane" "later = c + 2 + lane"
  "propose 1x301" "FAILED propose")
plant(one_tie_too_many sanitized propose.cu propose.cu
  "taken + place < of_last" "taken + place <= of_last"
  "tied" "FAILED propose|heap-buffer-overflow")
plant(stream_without_what_is_noted sanitized memory.cu memory.cu
  "start_noted();
  return bare_stream();" "return bare_stream();"
  "repeated: copies keep their place" "FAILED repeated")
plant(memory_dropped_too_early sanitized memory.cu memory.cu
  "start_noted();  // which may use it" ""
  "repeated: memory is given back" "FAILED repeated|heap-use-after-free")
plant(any_graph sanitized launches.cu launches.cu
  "graphs().find(sequence);" "graphs().begin();"
  "repeated: with another address" "FAILED repeated|heap-use-after-free")
plant(repetition_not_ended sanitized launches.cu launches.cu
  "noting = false;
  noted().start();" "noting = false;"
  "repeated: a sequence" "FAILED repeated|heap-use-after-free")
