/**
 * How good results are, and what they look like as files: COCO's statistics and JSON, Matterport's
 * AP, and detections laid back onto the original photo. Knows masks and boxes, not the model.
 */
package dev.selvage.eval;
