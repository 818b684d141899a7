/**
 * What people look at: photos with masks, boxes and captions drawn into them. Knows photos, truths
 * and results, not the model.
 */
package dev.selvage.report;
