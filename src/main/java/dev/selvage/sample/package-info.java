/**
 * The embedded sample dataset: people drawn with OpenCV in garments of iMaterialist Fashion 2019's
 * categories, with the exact visible mask of each, written in Kaggle's layout.
 *
 * <p>Drawing goes from the general to the particular: {@code Shape} is cut into a {@code Stencil}
 * of coverage, a {@code Canvas} takes stencils and remembers the topmost layer of each pixel, a
 * {@code Painter} paints one figure in its own units (100 is its height), the garment classes know
 * outlines, {@code Figure} knows who lies over whom, {@code Scene} places figures before a
 * backdrop, and {@code SampleFolder} writes the files.
 */
package dev.selvage.sample;
