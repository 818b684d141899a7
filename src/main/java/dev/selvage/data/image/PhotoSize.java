package dev.selvage.data.image;

/** Pixels of a photo. */
public record PhotoSize(int height, int width) {}
