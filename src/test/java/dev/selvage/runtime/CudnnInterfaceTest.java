package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.global.cudnn;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code cuda/cudnn/cudnn_api.h} to the JavaCPP presets, which were made from cuDNN's
 * headers. No class of theirs is initialised, since that would load cuDNN; the compiler puts
 * constants in.
 */
class CudnnInterfaceTest {
  private static final Map<String, Integer> CONSTANTS =
      Map.ofEntries(
          Map.entry("CUDNN_STATUS_SUCCESS", cudnn.CUDNN_STATUS_SUCCESS),
          Map.entry("CUDNN_STATUS_NOT_SUPPORTED", cudnn.CUDNN_STATUS_NOT_SUPPORTED),
          Map.entry("CUDNN_STATUS_INTERNAL_ERROR", cudnn.CUDNN_STATUS_INTERNAL_ERROR),
          Map.entry("CUDNN_TENSOR_NHWC", cudnn.CUDNN_TENSOR_NHWC),
          Map.entry("CUDNN_DATA_FLOAT", cudnn.CUDNN_DATA_FLOAT),
          Map.entry("CUDNN_DATA_HALF", cudnn.CUDNN_DATA_HALF),
          Map.entry("CUDNN_DATA_BFLOAT16", cudnn.CUDNN_DATA_BFLOAT16),
          Map.entry("CUDNN_CROSS_CORRELATION", cudnn.CUDNN_CROSS_CORRELATION),
          Map.entry("CUDNN_DEFAULT_MATH", cudnn.CUDNN_DEFAULT_MATH),
          Map.entry("CUDNN_TENSOR_OP_MATH", cudnn.CUDNN_TENSOR_OP_MATH),
          Map.entry("CUDNN_FMA_MATH", cudnn.CUDNN_FMA_MATH),
          Map.entry("CUDNN_DETERMINISTIC", cudnn.CUDNN_DETERMINISTIC),
          Map.entry("CUDNN_PROPAGATE_NAN", cudnn.CUDNN_PROPAGATE_NAN),
          Map.entry("CUDNN_ACTIVATION_RELU", cudnn.CUDNN_ACTIVATION_RELU),
          Map.entry("CUDNN_ACTIVATION_IDENTITY", cudnn.CUDNN_ACTIVATION_IDENTITY),
          Map.entry(
              "CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM",
              cudnn.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM));

  private static String header() throws IOException {
    return Files.readString(Path.of("cuda", "cudnn", "cudnn_api.h"));
  }

  @Test
  void everyConstantHasCudnnsValue() throws IOException {
    Map<String, Integer> declared = DeclaredInterface.constants(header(), "CUDNN_\\w+");
    assertEquals(new TreeMap<>(CONSTANTS), declared);
  }

  @Test
  void everyFunctionHasCudnnsParameters() throws Exception {
    DeclaredInterface.requireFunctions(header(), "cudnn", 27);
  }

  /** Sorted, since reflection gives methods in no order. */
  @Test
  void resultsOfAlgorithmsHaveCudnnsMembers() throws IOException {
    MatchResult struct =
        Pattern.compile("struct CudnnAlgorithm \\{(.*?)};", Pattern.DOTALL)
            .matcher(header())
            .results()
            .findFirst()
            .orElseThrow();
    Set<String> ours = new TreeSet<>();
    for (String line : struct.group(1).split(";")) {
      String[] words = line.strip().split("[ ,]+");
      String type = words[0].equals("size_t") ? "long" : words[0];
      for (int i = 1; i < words.length; i++) {
        ours.add(type + " " + words[i].replaceAll("\\[.*", ""));
      }
    }
    for (Class<?> result :
        new Class<?>[] {
          cudnnConvolutionFwdAlgoPerf_t.class,
          cudnnConvolutionBwdDataAlgoPerf_t.class,
          cudnnConvolutionBwdFilterAlgoPerf_t.class
        }) {
      Set<String> theirs =
          Arrays.stream(result.getDeclaredMethods())
              .filter(m -> m.getReturnType().isPrimitive() && m.getReturnType() != void.class)
              .map(m -> m.getReturnType() + " " + m.getName())
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(theirs, ours, result::getName);
    }
  }
}
