/**
 * The search for rules that make better detections of what a model says, by cross-validation.
 *
 * <p>Uses {@code data}, {@code data.split}, {@code mask}, {@code model}, {@code predict}, {@code
 * util}.
 */
package dev.selvage.tune;
