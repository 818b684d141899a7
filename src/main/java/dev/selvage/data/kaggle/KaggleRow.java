package dev.selvage.data.kaggle;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.Rle;

/**
 * A good row of train.csv.
 *
 * @param line of the file, from 1
 * @param photo file name
 * @param classId the model's class, from 1; 0 for a row that says that the photo shows nothing
 * @param attributes what follows the category in ClassId: numbers separated by underscores, not
 *     checked
 * @param mask at the photo's size
 * @param pixelsAt place in the file of the first byte of EncodedPixels
 * @param pixelsLength of EncodedPixels, in bytes
 */
public record KaggleRow(
    long line,
    String photo,
    PhotoSize size,
    int classId,
    String attributes,
    Rle mask,
    long pixelsAt,
    int pixelsLength) {}
