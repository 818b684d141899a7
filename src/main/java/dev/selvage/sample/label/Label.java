package dev.selvage.sample.label;

import dev.selvage.mask.Rle;
import java.util.List;

/**
 * One garment or part on a photo.
 *
 * @param layer its number on this photo
 * @param garment the number of the garment that it is a part of, 0 for none
 * @param mask its visible pixels
 */
public record Label(Kind kind, List<Integer> attributes, int layer, int garment, Rle mask) {}
