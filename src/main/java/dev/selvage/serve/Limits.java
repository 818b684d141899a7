package dev.selvage.serve;

import java.time.Duration;

/**
 * What one request may take.
 *
 * @param bytes of its body
 * @param time from the end of the body to the answer
 */
public record Limits(int bytes, Duration time) {}
