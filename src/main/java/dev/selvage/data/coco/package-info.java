/**
 * A dataset in COCO's layout.
 *
 * <p>Uses {@code coco}, {@code data}, {@code data.image}, {@code util}.
 */
package dev.selvage.data.coco;
