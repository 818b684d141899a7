package dev.selvage.data;

import java.io.Serializable;

/**
 * One kind of object.
 *
 * @param id the dataset's own number; the model's class is this category's place in {@link
 *     Dataset#categories()} plus one
 */
public record Category(int id, String name, String supercategory) implements Serializable {}
