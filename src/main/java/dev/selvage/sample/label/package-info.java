/**
 * The categories and attributes that are drawn, and the label of one drawn object.
 *
 * <p>Uses {@code mask}.
 */
package dev.selvage.sample.label;
