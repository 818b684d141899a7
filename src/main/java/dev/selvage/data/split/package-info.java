/**
 * Which photos are trained on and which are held out.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code util}.
 */
package dev.selvage.data.split;
