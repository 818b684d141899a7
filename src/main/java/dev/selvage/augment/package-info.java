/**
 * Random changes to training photos: how a photo is moved, and how its colours change.
 *
 * <p>Uses {@code geometry}.
 */
package dev.selvage.augment;
