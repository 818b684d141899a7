package dev.selvage.report;

import dev.selvage.data.Box;
import dev.selvage.mask.Rle;

/**
 * One object to draw.
 *
 * @param classId the model's class, from 1; decides the colour
 * @param box in pixels of the mask's photo
 * @param mask at the original photo's size
 */
record LabeledMask(int classId, String caption, Box box, Rle mask) {}
