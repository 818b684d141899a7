/**
 * Whether this machine computes each operation correctly, and what this machine is.
 *
 * <p>Uses {@code runtime}, {@code tensor}.
 */
package dev.selvage.doctor;
