/**
 * The command line: one class for each command. {@link dev.selvage.cli.Main} finds the command and
 * turns errors into exit codes.
 *
 * <p>Uses {@code cli.bench}.
 */
package dev.selvage.cli;
