package dev.selvage.data.loader;

/**
 * The anchors of one image that carry RPN loss (Faster R-CNN 3.1.2), after subsampling.
 *
 * @param positives indices into the anchors, match 1
 * @param negatives indices into the anchors, match -1
 * @param deltas [positives,4] flat, divided by RPN_BBOX_STD_DEV
 */
public record RpnTargets(int[] positives, int[] negatives, float[] deltas) {}
