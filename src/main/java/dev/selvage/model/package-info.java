/**
 * Mask R-CNN (He et al. 2017) as Matterport's Keras model computes it. Read {@link
 * dev.selvage.model.MaskRcnn} first: each part of the paper is a class of that name.
 *
 * <p>Uses {@code autograd}, {@code config}, {@code data.loader}, {@code geometry}, {@code nn},
 * {@code tensor}, {@code util}.
 */
package dev.selvage.model;
