/**
 * Detection in many photos with Apache Spark: {@link dev.selvage.spark.Predict} for {@code
 * spark-submit}, {@link dev.selvage.spark.SparkPredictor} for notebooks and programs. Nothing else
 * in Selvage uses Spark, which the jar does not hold.
 *
 * <p>Uses {@code cli.command}, {@code cli.model}, {@code cli.options}, {@code config}, {@code
 * data}, {@code data.image}, {@code mask}, {@code nn}, {@code predict}, {@code runtime}, {@code
 * tensor}, {@code tune}, {@code util}.
 */
package dev.selvage.spark;
