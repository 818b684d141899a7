package dev.selvage.data.loader;

import dev.selvage.data.image.ResizedPhoto;

/** One image of a batch with its ground truth and the targets of the RPN. */
record TrainingExample(
    int imageIndex, ResizedPhoto photo, GroundTruth truth, RpnTargets rpnTargets) {}
