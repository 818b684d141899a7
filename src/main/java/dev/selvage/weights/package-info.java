/**
 * Arrays of weights: how a file's arrays reach a model's parameters, in any file format.
 *
 * <p>Uses {@code nn}, {@code tensor}, {@code util}.
 */
package dev.selvage.weights;
