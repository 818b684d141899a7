/**
 * What {@code evaluate} does apart from running a model: scoring two files, and writing the report.
 *
 * <p>Uses {@code cli.options}, {@code coco}, {@code data}, {@code data.image}, {@code eval}, {@code
 * eval.analysis}, {@code eval.fashionpedia}, {@code mask}, {@code report.evaluation}, {@code
 * submission}, {@code util}.
 */
package dev.selvage.cli.evaluation;
