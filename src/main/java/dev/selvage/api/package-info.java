/**
 * For programs that use Selvage as a library: {@link dev.selvage.api.GarmentDetector} loads a
 * trained model and finds garments in photos. Nothing inside Selvage uses this package.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code mask}, {@code nn}, {@code
 * predict}, {@code run}, {@code runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.api;
