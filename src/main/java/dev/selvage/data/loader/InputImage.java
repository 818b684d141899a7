package dev.selvage.data.loader;

import dev.selvage.data.image.ResizedPhoto;
import java.util.List;

/**
 * An input of the model with its objects.
 *
 * @param photo its pixels
 * @param objects those that it shows
 */
record InputImage(ResizedPhoto photo, List<ResizedInstance> objects) {}
