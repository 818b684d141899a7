package dev.selvage.data;

/** One picture of a batch with its targets. */
record Sample(int image, ResizedPhoto photo, GroundTruth truth, RpnTargets rpnTargets) {}
