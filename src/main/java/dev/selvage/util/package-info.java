/**
 * What every package may use: the error for bad input, text for a terminal, files that are written
 * completely or not at all, worker threads, and the memory that a process may take.
 *
 * <p>Uses no other package.
 */
package dev.selvage.util;
