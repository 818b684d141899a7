/**
 * Reverse-mode differentiation: {@link dev.selvage.autograd.Tape} records the backward rules of a
 * step and runs them in reverse.
 *
 * <p>Uses {@code tensor}.
 */
package dev.selvage.autograd;
