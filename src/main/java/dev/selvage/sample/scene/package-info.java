/**
 * Backdrops, and the photo composed of a backdrop and dressed people.
 *
 * <p>Uses {@code sample.body}, {@code sample.garment}, {@code sample.label}, {@code sample.paint}.
 */
package dev.selvage.sample.scene;
