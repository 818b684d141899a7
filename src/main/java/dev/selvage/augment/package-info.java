/**
 * Pictures varied at random while they are trained on: what moves pixels, masks and boxes together,
 * and what changes colours alone.
 */
package dev.selvage.augment;
