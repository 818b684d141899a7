package dev.selvage.eval.tide;

import java.util.Map;

/**
 * What each type of error costs, in points of AP50 (percent): AP50 with all errors of a type mended
 * and nothing else, less AP50 as it is.
 *
 * @param ap50 in percent
 * @param main by type; over all classes never below 0
 * @param falsePositives what is gained if every wrong detection had a score below all right ones
 * @param falseNegatives what is gained if the objects that were not found were not there
 */
public record TideErrors(
    double ap50, Map<ErrorType, Double> main, double falsePositives, double falseNegatives) {}
