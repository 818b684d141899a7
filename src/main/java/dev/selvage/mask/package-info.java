/**
 * Masks as run lengths: COCO's and Kaggle's text forms, polygons, and drawing a mask into a resized
 * or warped image.
 *
 * <p>Uses {@code geometry}, {@code util}.
 */
package dev.selvage.mask;
