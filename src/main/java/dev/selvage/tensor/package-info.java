/**
 * Arrays outside the Java heap: {@link dev.selvage.tensor.Tensor} holds one, {@link
 * dev.selvage.tensor.Scope} says when it is freed, {@link dev.selvage.tensor.Ops} computes with it.
 *
 * <p>Uses {@code runtime}.
 */
package dev.selvage.tensor;
