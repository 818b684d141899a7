/**
 * Draws a small dataset of dressed people in Kaggle's layout, for a first run without any data.
 *
 * <p>Uses {@code mask}, {@code sample.label}, {@code sample.paint}, {@code sample.scene}, {@code
 * util}.
 */
package dev.selvage.sample;
