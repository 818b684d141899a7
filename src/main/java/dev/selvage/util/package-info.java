/**
 * What every package may use: the error for bad input, whole-or-nothing files, worker threads, and
 * the memory that a process may take.
 *
 * <p>Uses no other package.
 */
package dev.selvage.util;
