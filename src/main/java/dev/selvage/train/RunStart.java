package dev.selvage.train;

import java.nio.file.Path;

/**
 * What a new run begins with, besides its settings and its dataset.
 *
 * @param weights a weight file to load by name what it has, or null for none
 * @param split a file that says which photos are held out, as a run's split.csv does; null: chosen
 *     by the seed, VALIDATION_FRACTION and FOLD
 * @param seed of the initial weights, of the split and of all sampling
 * @param command the command line, for the record
 */
public record RunStart(Path weights, Path split, long seed, String command) {
  /** With random weights and a split by the seed. */
  public RunStart(long seed, String command) {
    this(null, null, seed, command);
  }
}
