/**
 * The files that Kaggle's iMaterialist (Fashion) 2019 and 2020 take.
 *
 * <p>Uses {@code data}, {@code mask}, {@code util}.
 */
package dev.selvage.submission;
