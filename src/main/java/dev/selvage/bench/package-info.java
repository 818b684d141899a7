/**
 * Benchmarks: training steps, detections, single operations and the reading of data.
 *
 * <p>Uses {@code autograd}, {@code config}, {@code data}, {@code data.image}, {@code data.kaggle},
 * {@code data.loader}, {@code doctor}, {@code mask}, {@code model}, {@code model.cost}, {@code nn},
 * {@code ranks}, {@code runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.bench;
