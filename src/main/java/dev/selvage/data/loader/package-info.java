/**
 * From a dataset to batches: training targets, augmentation, and the threads that prepare batches
 * ahead of the training loop.
 *
 * <p>Uses {@code augment}, {@code config}, {@code data}, {@code data.coco}, {@code data.image},
 * {@code data.kaggle}, {@code geometry}, {@code mask}, {@code util}.
 */
package dev.selvage.data.loader;
