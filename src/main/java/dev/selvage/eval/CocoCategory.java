package dev.selvage.eval;

/** A category of a COCO file. */
public record CocoCategory(int id, String name) {}
