package dev.selvage.tensor;

import dev.selvage.runtime.Native;
import java.util.Locale;

/**
 * What the elements of a tensor are in memory. Feature maps and their gradients may be of a short
 * type; everything else is {@link #F32}.
 */
public enum DType {
  /** IEEE single precision. */
  F32,
  /** Its upper half: the same range with 8 significant bits. */
  BF16,
  /** IEEE half precision; on a GPU only. */
  F16;

  /** The type of this key: f32, bf16, f16. */
  public static DType of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }

  /** Whether the selected device has tensors of this type. */
  public boolean available() {
    return Native.hasType(ordinal());
  }

  /** As it is written on the command line: f32, bf16, f16. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
