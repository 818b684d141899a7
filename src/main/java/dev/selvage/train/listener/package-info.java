/**
 * Listeners that record a training run: log.csv, TensorBoard's file, the display of progress, the
 * page about the split.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code data.split}, {@code inspect},
 * {@code model}, {@code nn}, {@code predict}, {@code report}, {@code run}, {@code tensorboard},
 * {@code train}, {@code util}.
 */
package dev.selvage.train.listener;
