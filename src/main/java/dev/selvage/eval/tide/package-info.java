/**
 * What kinds of errors detections have and what each kind costs, as tidecv computes it.
 *
 * <p>Uses {@code data}.
 */
package dev.selvage.eval.tide;
