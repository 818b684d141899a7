/**
 * Reverse-mode differentiation: a {@link dev.selvage.autograd.Tape} records backward rules in the
 * order in which the forward pass makes its {@link dev.selvage.autograd.Variable}s, and is then
 * walked backwards.
 */
package dev.selvage.autograd;
