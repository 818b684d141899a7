/**
 * The commands {@code bench ...}: one class for each benchmark, with its own options.
 *
 * <p>Uses {@code bench}, {@code cli.command}, {@code cli.options}, {@code config}, {@code ranks},
 * {@code runtime}, {@code tensor}, {@code util}.
 */
package dev.selvage.cli.bench;
