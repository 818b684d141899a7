/**
 * Pictures, charts and HTML pages of datasets, runs and results.
 *
 * <p>Uses {@code data}, {@code data.image}, {@code data.loader}, {@code inspect}, {@code mask},
 * {@code util}.
 */
package dev.selvage.report;
