package dev.selvage.data;

import dev.selvage.mask.Rle;

/**
 * One object that the model found in a photo.
 *
 * @param classId the model's class, 1..K-1
 * @param score in 0..1
 * @param box x, y, width, height in pixels of the original photo, not rounded
 * @param mask at the original photo's size
 */
public record Detection(int classId, float score, double[] box, Rle mask) {}
