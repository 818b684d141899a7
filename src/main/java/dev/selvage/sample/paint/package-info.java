/**
 * Shapes, colours, fabrics and the canvas that they are painted on.
 *
 * <p>Uses {@code mask}, {@code sample.label}.
 */
package dev.selvage.sample.paint;
