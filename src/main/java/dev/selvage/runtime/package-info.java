/**
 * The native library: {@link dev.selvage.runtime.Native} declares every function that
 * native/include/selvage.h has, {@link dev.selvage.runtime.NativeLibraries} unpacks it.
 *
 * <p>Uses {@code util}.
 */
package dev.selvage.runtime;
