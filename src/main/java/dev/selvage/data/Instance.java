package dev.selvage.data;

import dev.selvage.mask.Rle;

/**
 * One annotated object of a photo.
 *
 * @param classId the model's class, 1..K-1
 * @param mask at the original photo's size
 * @param crowd a crowd region (COCO): never a positive
 */
public record Instance(int classId, Rle mask, boolean crowd) {}
