/**
 * Photos and what is true of them: datasets read from disk, decoding and resizing, training
 * targets, and the loader that prepares batches ahead of the training loop. Knows nothing of the
 * model.
 */
package dev.selvage.data;
