/**
 * An evaluation as a page that a person can click through: what the numbers are, and the photos
 * behind them.
 *
 * <p>Uses {@code data}, {@code eval}, {@code eval.analysis}, {@code eval.tide}, {@code report},
 * {@code util}.
 */
package dev.selvage.report.evaluation;
