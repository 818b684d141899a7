/**
 * Whether a step of training fits in memory: {@link dev.selvage.train.memory.MemoryGuard} asks
 * before the first one, {@link dev.selvage.train.memory.MemoryWarmup} takes what the largest needs.
 *
 * <p>Uses {@code config}, {@code data.loader}, {@code model}, {@code model.cost}, {@code nn},
 * {@code runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.train.memory;
