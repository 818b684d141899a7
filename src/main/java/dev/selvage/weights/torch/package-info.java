/**
 * PyTorch's and Detectron2's checkpoints: read without running their pickles, and renamed to Keras'
 * layers.
 *
 * <p>Uses {@code util}, {@code weights}.
 */
package dev.selvage.weights.torch;
