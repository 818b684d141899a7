/**
 * The studio: a server whose pages show runs, data and results in a browser.
 *
 * <p>Uses {@code config}, {@code http}, {@code studio.data}, {@code studio.results}, {@code
 * studio.runs}.
 */
package dev.selvage.studio;
