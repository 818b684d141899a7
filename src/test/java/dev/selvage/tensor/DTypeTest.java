package dev.selvage.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class DTypeTest {
  /** The native library knows a type by its place. */
  @Test
  void theOrderIsThatOfTheNativeLibrary() {
    assertEquals(0, DType.F32.ordinal());
    assertEquals(1, DType.BF16.ordinal());
    assertEquals(2, DType.F16.ordinal());
  }

  @Test
  void keysAreLowerCase() {
    assertEquals("f32", DType.F32.key());
    assertEquals("bf16", DType.BF16.key());
    assertEquals("f16", DType.F16.key());
  }

  @Test
  void theCpuHasNoHalfPrecision() {
    assertTrue(DType.F32.available());
    assertFalse(DType.F16.available());
    Scope.run(() -> assertThrows(RuntimeException.class, () -> Tensor.allocate(DType.F16, 2)));
  }
}
