package dev.selvage.sample.scene;

import dev.selvage.sample.label.Label;
import java.util.List;

/** A finished photo and what is on it; no labels where nobody is. */
public record Photo(byte[] jpeg, int height, int width, List<Label> labels) {}
