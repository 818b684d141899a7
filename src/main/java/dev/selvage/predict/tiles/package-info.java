/**
 * Large photos in overlapping tiles: where the tiles lie, and how what is found in them becomes
 * objects of the photo.
 *
 * <p>Uses {@code data}, {@code data.image}, {@code mask}, {@code util}.
 */
package dev.selvage.predict.tiles;
