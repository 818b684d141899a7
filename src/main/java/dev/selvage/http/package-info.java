/**
 * A thin and careful layer on the JDK's own HTTP server: routes, requests, answers, server-sent
 * events, files out of the jar, and who may ask.
 *
 * <p>Uses {@code util}.
 */
package dev.selvage.http;
