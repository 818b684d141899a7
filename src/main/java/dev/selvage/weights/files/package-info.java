/**
 * Opens weight files of any format, saves Keras' and converts.
 *
 * <p>Uses {@code nn}, {@code util}, {@code weights}, {@code weights.keras}, {@code weights.torch}.
 */
package dev.selvage.weights.files;
