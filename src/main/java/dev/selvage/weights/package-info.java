/**
 * Arrays of weights: how a file's arrays reach a model's parameters, whatever the file's format.
 *
 * <p>Uses {@code nn}, {@code tensor}, {@code util}.
 */
package dev.selvage.weights;
