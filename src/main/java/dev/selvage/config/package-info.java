/**
 * Settings: presets, files and {@code --set}, read and checked once, then only read. A leaf that
 * everything may see.
 */
package dev.selvage.config;
