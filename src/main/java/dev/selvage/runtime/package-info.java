/**
 * The native library: {@link dev.selvage.runtime.Native} declares every function that
 * native/include/selvage.h has.
 *
 * <p>Uses no other package.
 */
package dev.selvage.runtime;
