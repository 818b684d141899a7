package dev.selvage.report;

import dev.selvage.mask.Rle;

/**
 * One object to draw.
 *
 * @param classId the model's class, from 1; decides the colour
 * @param box x, y, width, height in pixels of the original photo
 * @param mask at the original photo's size
 */
record LabeledMask(int classId, String caption, double[] box, Rle mask) {}
