/**
 * What a command is: how its name and options are read, and the text of its help.
 *
 * <p>Uses {@code cli.options}, {@code util}.
 */
package dev.selvage.cli.command;
