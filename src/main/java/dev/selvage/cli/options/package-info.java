/**
 * The options that several commands share, read into the types that the rest of the program takes.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.loader}, {@code ranks}, {@code run}, {@code
 * runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.cli.options;
