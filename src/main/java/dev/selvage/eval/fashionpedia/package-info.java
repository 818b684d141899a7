/**
 * AP of detections with attributes, as the Fashionpedia API computes it.
 *
 * <p>Uses {@code data}, {@code eval}, {@code mask}.
 */
package dev.selvage.eval.fashionpedia;
