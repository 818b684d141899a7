package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.runtime.NativeException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** On the CPU; DeviceTest meets the failures of a GPU. */
class NativeExceptionTest {
  @Test
  void aBadArgumentHasItsMessage() {
    NativeException e = assertThrows(NativeException.class, () -> Native.selectDevice("gpu", ""));
    assertEquals(Kind.BAD_ARGUMENT, e.kind());
    assertEquals("select_device: device needs cpu, cuda or cuda:N, is gpu", e.getMessage());
  }

  @Test
  void whatTheDeviceLacksIsUnsupported() {
    Native.selectDevice("cpu", "");
    assertEquals(Kind.UNSUPPORTED, kind(() -> Native.selectPrecision("tf32")));
    assertEquals(Kind.UNSUPPORTED, kind(() -> Native.tensorNew(new long[] {3}, 1, 2)));
    assertEquals(
        Kind.UNSUPPORTED, kind(() -> Native.selectDevice("cuda", "/nowhere/libselvage_cuda.so")));
  }

  @Test
  void aTensorLargerThanTheHostsMemoryIsOutOfMemory() {
    Native.selectDevice("cpu", "");
    long more = 1L << 50;
    assertEquals(Kind.OUT_OF_MEMORY, kind(() -> Native.tensorNew(new long[] {more}, 1, 0)));
  }

  private static Kind kind(Executable call) {
    return assertThrows(NativeException.class, call).kind();
  }
}
