package dev.selvage.eval;

import java.util.List;

/** A photo of a COCO truth file with its objects in the file's order. */
public record CocoImage(
    long id, String fileName, int height, int width, List<GroundTruthObject> truths) {}
