/**
 * Photos on disk: names, sizes, decoding, resizing and warping by OpenCV.
 *
 * <p>Uses {@code augment}, {@code config}, {@code geometry}, {@code mask}, {@code util}.
 */
package dev.selvage.data.image;
