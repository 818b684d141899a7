package dev.selvage.inspect;

/** How often something with a name and a number of its own occurs. */
public record Count(int id, String name, int count) {}
