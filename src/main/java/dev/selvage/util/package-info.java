/**
 * What every package may use: the error for bad input, text for a terminal, whole-or-nothing files,
 * worker threads.
 *
 * <p>Uses no other package.
 */
package dev.selvage.util;
