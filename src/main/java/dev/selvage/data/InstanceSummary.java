package dev.selvage.data;

/**
 * What is known of an instance without its mask.
 *
 * @param area pixels of the mask
 */
public record InstanceSummary(int classId, int area) {}
