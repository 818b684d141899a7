/**
 * COCO's JSON: one reader for annotations and results, and the writer of results.
 *
 * <p>Uses {@code data}, {@code data.image}, {@code mask}, {@code util}.
 */
package dev.selvage.coco;
