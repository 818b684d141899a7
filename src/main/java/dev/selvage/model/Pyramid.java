package dev.selvage.model;

import dev.selvage.autograd.Variable;

/**
 * The feature pyramid of a batch (Lin et al. 2017).
 *
 * @param levels P2..P6, each [N,rows,columns,TOP_DOWN_PYRAMID_SIZE]
 * @param height of the images in pixels
 * @param width of the images in pixels
 */
record Pyramid(Variable[] levels, int height, int width) {}
