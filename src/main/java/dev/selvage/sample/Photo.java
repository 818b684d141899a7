package dev.selvage.sample;

import java.util.List;

/** A finished photo and what is on it; no labels where nobody is. */
record Photo(byte[] jpeg, int height, int width, List<Label> labels) {}
