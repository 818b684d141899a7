/**
 * The results of a studio: models run over photos and judged, the objects behind each number, and
 * thresholds that a person sets.
 *
 * <p>Uses {@code config}, {@code data}, {@code data.image}, {@code data.split}, {@code eval},
 * {@code eval.analysis}, {@code eval.tide}, {@code http}, {@code nn}, {@code predict}, {@code
 * report}, {@code run}, {@code studio.data}, {@code submission}, {@code tune}, {@code util}.
 */
package dev.selvage.studio.results;
