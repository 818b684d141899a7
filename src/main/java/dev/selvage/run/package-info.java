/**
 * The folder of a training run: its names, its lock, its settings, its split and its log.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.split}, {@code runtime}, {@code util}.
 */
package dev.selvage.run;
