/**
 * The person under the clothes: proportions, pose, skin, face and hair.
 *
 * <p>Uses {@code sample.paint}.
 */
package dev.selvage.sample.body;
