/**
 * What a person wants to know of a model beyond COCO's statistics: which classes it mixes up, at
 * which scores it is best, where it fails, and where the labels may be wrong.
 *
 * <p>Uses {@code data}, {@code eval}, {@code eval.tide}, {@code util}.
 */
package dev.selvage.eval.analysis;
