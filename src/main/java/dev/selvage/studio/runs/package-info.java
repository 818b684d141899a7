/**
 * The studio's runs: a table of them, their curves as they grow, and trainings that are started and
 * stopped. Everything is read from the runs' own files.
 *
 * <p>Uses {@code config}, {@code http}, {@code run}, {@code util}.
 */
package dev.selvage.studio.runs;
