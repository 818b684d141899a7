package dev.selvage.data;

import java.util.List;

/**
 * A picture as the model is to see it.
 *
 * @param photo its pixels
 * @param objects what it shows
 */
record View(ResizedPhoto photo, List<Drawn> objects) {}
