package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.cuda.global.nccl;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code cuda/nccl/nccl_api.h} to the JavaCPP presets, which were made from NCCL's header. No
 * class of theirs is initialised, since that would load NCCL; the compiler puts constants in.
 */
class NcclInterfaceTest {
  private static final Map<String, Integer> CONSTANTS =
      Map.of(
          "ncclSuccess", nccl.ncclSuccess,
          "ncclInProgress", nccl.ncclInProgress,
          "ncclFloat32", nccl.ncclFloat32,
          "NCCL_UNIQUE_ID_BYTES", nccl.NCCL_UNIQUE_ID_BYTES);

  private static String header() throws IOException {
    return Files.readString(Path.of("cuda", "nccl", "nccl_api.h"));
  }

  /** The size of an id, which is passed by value, among them. */
  @Test
  void everyConstantHasNcclsValue() throws IOException {
    assertEquals(
        new TreeMap<>(CONSTANTS), DeclaredInterface.constants(header(), "(?:nccl|NCCL_)\\w+"));
  }

  @Test
  void everyFunctionHasNcclsParameters() throws Exception {
    DeclaredInterface.requireFunctions(header(), "nccl", 10);
  }
}
