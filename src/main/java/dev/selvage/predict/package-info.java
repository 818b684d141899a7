/**
 * From photos to detections on the original photo, with decoding before and scoring or drawing
 * after the model on threads of their own. Raw detections are what the model says before any
 * choice; rules make detections of them.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code data.split}, {@code eval},
 * {@code mask}, {@code model}, {@code nn}, {@code predict.tiles}, {@code run}, {@code util}, {@code
 * weights}, {@code weights.files}.
 */
package dev.selvage.predict;
