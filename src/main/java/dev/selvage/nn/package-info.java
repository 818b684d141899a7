/**
 * Layers with their parameters and backward rules, and the optimizer.
 *
 * <p>Uses {@code autograd}, {@code tensor}, {@code util}.
 */
package dev.selvage.nn;
