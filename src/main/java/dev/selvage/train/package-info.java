/**
 * The training loop, what it validates and saves, and how it resumes. Read {@link
 * dev.selvage.train.Trainer} first.
 *
 * <p>Uses {@code autograd}, {@code config}, {@code data}, {@code data.image}, {@code data.loader},
 * {@code data.split}, {@code eval}, {@code model}, {@code nn}, {@code predict}, {@code ranks},
 * {@code run}, {@code tensor}, {@code train.memory}, {@code train.ranks}, {@code util}, {@code
 * weights}, {@code weights.files}.
 */
package dev.selvage.train;
