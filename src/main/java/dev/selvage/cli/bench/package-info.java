/**
 * The commands {@code bench ...}: one class for each benchmark, with its own options.
 *
 * <p>Uses nothing yet.
 */
package dev.selvage.cli.bench;
