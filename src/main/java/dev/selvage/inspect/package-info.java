/**
 * Looks a dataset over before anyone trains on it: what is wrong with it, how its photos and
 * objects are distributed, and how well the configured anchors fit.
 */
package dev.selvage.inspect;
