/**
 * What every package may use: the error for bad input, files that are written completely or not at
 * all, worker threads.
 *
 * <p>Uses no other package.
 */
package dev.selvage.util;
