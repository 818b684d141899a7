package dev.selvage.data;

import java.util.List;

/**
 * What the model found in one photo.
 *
 * @param imageId place in file-name order, or the dataset's own id
 * @param detections surest first
 */
public record ImageDetections(long imageId, String fileName, List<Detection> detections) {}
