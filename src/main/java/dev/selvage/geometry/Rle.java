package dev.selvage.geometry;

/**
 * A binary mask as run lengths over its pixels in column-major order, beginning with a run of zeros (COCO's counts).
 *
 * @param counts run lengths that add up to height * width
 */
public record Rle(int height, int width, int[] counts) {}
