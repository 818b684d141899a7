/**
 * The model put to use: photos go in, objects on the original photo come out, with decoding before
 * and scoring or drawing after it beside the model's computing.
 */
package dev.selvage.predict;
