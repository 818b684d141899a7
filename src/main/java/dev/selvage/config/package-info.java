/**
 * Matterport's configuration keys with their defaults, the presets, and the checks that a
 * configuration passes.
 *
 * <p>Uses {@code util}.
 */
package dev.selvage.config;
