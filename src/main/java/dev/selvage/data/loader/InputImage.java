package dev.selvage.data.loader;

import dev.selvage.data.image.ResizedPhoto;
import java.util.List;

/**
 * A picture as the model is to see it.
 *
 * @param photo its pixels
 * @param objects what it shows
 */
record InputImage(ResizedPhoto photo, List<ResizedInstance> objects) {}
