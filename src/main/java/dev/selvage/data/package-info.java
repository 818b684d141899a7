/**
 * The domain types: a dataset, its categories, the objects in its photos, and what a model detects.
 * Knows nothing of files' layouts or of the model.
 *
 * <p>Uses {@code mask}, {@code util}.
 */
package dev.selvage.data;
