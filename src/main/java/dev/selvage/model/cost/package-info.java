/**
 * What a training step costs: the memory that it takes, and the floating-point operations of the
 * model without shortcuts.
 *
 * <p>Uses {@code config}, {@code model}, {@code nn}.
 */
package dev.selvage.model.cost;
