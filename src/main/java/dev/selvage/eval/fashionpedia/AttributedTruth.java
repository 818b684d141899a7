package dev.selvage.eval.fashionpedia;

import dev.selvage.data.Instance;

/** A true object with its attributes. */
public record AttributedTruth(Instance truth, Attributes attributes) {}
