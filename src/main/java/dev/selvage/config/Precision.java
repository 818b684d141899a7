package dev.selvage.config;

/** The type in which feature maps and their gradients are stored: PRECISION. */
public enum Precision implements Choice {
  /** IEEE single precision. */
  F32,

  /** The upper half of F32: the same range with 8 significant bits. */
  BF16,

  /** IEEE half precision, with 11 significant bits; on a GPU only. */
  F16
}
