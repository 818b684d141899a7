/**
 * What a command is, and how its name, its options and its help are found on the command line.
 *
 * <p>Uses nothing yet.
 */
package dev.selvage.cli.command;
