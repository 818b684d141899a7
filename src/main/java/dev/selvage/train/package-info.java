/**
 * Training: the loop, its schedule of stages, and the files of a run, from which it continues as if
 * it had never stopped.
 */
package dev.selvage.train;
