/**
 * One class for each kind of garment, and the choice of an outfit.
 *
 * <p>Uses {@code sample.body}, {@code sample.label}, {@code sample.paint}.
 */
package dev.selvage.sample.garment;
