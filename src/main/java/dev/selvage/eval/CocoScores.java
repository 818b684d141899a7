package dev.selvage.eval;

/**
 * COCO's statistics by boxes and by masks.
 *
 * @param segm null where the truth has no masks
 */
public record CocoScores(CocoStatistics bbox, CocoStatistics segm) {}
