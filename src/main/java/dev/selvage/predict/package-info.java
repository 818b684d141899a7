/**
 * From photos to detections on the original photo, with decoding before and scoring or drawing
 * after the model on threads of their own.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code eval}, {@code mask}, {@code
 * model}, {@code nn}, {@code run}, {@code util}, {@code weights}, {@code weights.files}.
 */
package dev.selvage.predict;
