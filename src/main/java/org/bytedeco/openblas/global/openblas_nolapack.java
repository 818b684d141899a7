package org.bytedeco.openblas.global;

import dev.selvage.runtime.NativeLibraries;

/**
 * Takes the place of JavaCPP's class of this name, which JavaCPP initialises before it loads
 * OpenCV. That one also loads a Java interface of 24 MB and OpenBLAS a second time; nothing here
 * calls it.
 */
public final class openblas_nolapack {
  static {
    NativeLibraries.loadOpenBlas();
  }

  private openblas_nolapack() {}
}
