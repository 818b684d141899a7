/**
 * Keras' weight files (HDF5), read and written.
 *
 * <p>Uses {@code util}, {@code weights}.
 */
package dev.selvage.weights.keras;
