/**
 * A dataset in the layout of Kaggle's iMaterialist Fashion 2019: train.csv,
 * label_descriptions.json, test photos.
 *
 * <p>Uses {@code data}, {@code data.image}, {@code mask}, {@code util}.
 */
package dev.selvage.data.kaggle;
