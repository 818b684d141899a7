/**
 * The dataset of a studio: its photos by class, size, split and finding, thumbnails, tiles of large
 * photos, outlines of masks, and samples as training sees them.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code data.loader}, {@code
 * data.split}, {@code http}, {@code inspect}, {@code mask}, {@code report}, {@code run}, {@code
 * util}.
 */
package dev.selvage.studio.data;
