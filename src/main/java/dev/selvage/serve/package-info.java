/**
 * Detection for other programs over HTTP: a queue before the one thread that computes, the answers,
 * the health and the metrics of the service.
 *
 * <p>Uses {@code coco}, {@code config}, {@code data}, {@code data.image}, {@code http}, {@code
 * predict}, {@code report}, {@code runtime}, {@code util}.
 */
package dev.selvage.serve;
