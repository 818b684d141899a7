package dev.selvage.data.loader;

import dev.selvage.data.image.ResizedPhoto;

/** One picture of a batch with its targets. */
record TrainingExample(
    int imageIndex, ResizedPhoto photo, GroundTruth truth, RpnTargets rpnTargets) {}
