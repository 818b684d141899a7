/**
 * The models that {@code --weights} names: found, checked against each other, and loaded.
 *
 * <p>Uses {@code cli.options}, {@code config}, {@code data}, {@code data.image}, {@code nn}, {@code
 * predict}, {@code runtime}, {@code tune}, {@code util}.
 */
package dev.selvage.cli.model;
