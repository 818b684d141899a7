/**
 * Writes TensorBoard's event files.
 *
 * <p>Uses {@code util}.
 */
package dev.selvage.tensorboard;
