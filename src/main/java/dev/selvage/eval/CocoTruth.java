package dev.selvage.eval;

import dev.selvage.data.Category;
import java.util.List;

/**
 * A COCO truth file.
 *
 * @param images in ascending order of their ids
 * @param categories in ascending order of their ids
 */
public record CocoTruth(List<CocoImage> images, List<Category> categories) {}
