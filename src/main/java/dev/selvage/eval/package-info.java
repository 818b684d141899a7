/**
 * How good detections are: COCO's statistics and Matterport's AP. Knows masks and boxes, not the
 * model.
 *
 * <p>Uses {@code data}, {@code mask}, {@code util}.
 */
package dev.selvage.eval;
