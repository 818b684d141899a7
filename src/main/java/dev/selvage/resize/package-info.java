/**
 * A dataset made smaller on disk, masks with photos.
 *
 * <p>Uses {@code coco}, {@code config}, {@code data}, {@code data.coco}, {@code data.image}, {@code
 * data.kaggle}, {@code data.loader}, {@code mask}, {@code util}.
 */
package dev.selvage.resize;
