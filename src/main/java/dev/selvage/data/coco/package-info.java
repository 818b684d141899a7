/**
 * A dataset in COCO's layout.
 *
 * <p>Uses {@code coco}, {@code data}, {@code data.image}, {@code mask}, {@code util}.
 */
package dev.selvage.data.coco;
