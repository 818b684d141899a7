package dev.selvage.inspect;

/** How often something with a name and a number of its own occurs. */
public record NamedCount(int id, String name, int count) {}
