/**
 * What a dataset holds and what is wrong with it.
 *
 * <p>Uses {@code coco}, {@code config}, {@code data}, {@code data.coco}, {@code data.image}, {@code
 * data.kaggle}, {@code data.loader}, {@code data.split}, {@code mask}, {@code util}.
 */
package dev.selvage.inspect;
