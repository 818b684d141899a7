/**
 * How a training is shared by ranks: {@link dev.selvage.train.ranks.SharedStart} is what all begin
 * with, {@link dev.selvage.train.ranks.BatchShare} what each computes of a step.
 *
 * <p>Uses {@code config}, {@code data.loader}, {@code data.split}, {@code model}, {@code ranks},
 * {@code util}.
 */
package dev.selvage.train.ranks;
