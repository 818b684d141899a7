/**
 * Writes TensorBoard's event files.
 *
 * <p>Uses {@code report}, {@code util}.
 */
package dev.selvage.tensorboard;
