package dev.selvage.eval;

/** COCO's statistics by boxes and by masks. */
public record CocoScores(CocoStatistics bbox, CocoStatistics segm) {}
