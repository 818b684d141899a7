package dev.selvage.eval.fashionpedia;

import dev.selvage.data.Detection;

/** A detection with the attributes that were found. */
public record AttributedDetection(Detection detection, Attributes attributes) {}
