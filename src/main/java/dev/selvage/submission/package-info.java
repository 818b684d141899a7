/**
 * The file that Kaggle's iMaterialist Fashion 2019 takes.
 *
 * <p>Uses {@code data}, {@code mask}, {@code util}.
 */
package dev.selvage.submission;
