/**
 * Boxes, anchors and affine maps.
 *
 * <p>Uses no other package.
 */
package dev.selvage.geometry;
