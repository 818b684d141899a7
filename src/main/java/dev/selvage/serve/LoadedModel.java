package dev.selvage.serve;

import dev.selvage.predict.Predictor;

/**
 * A model that is ready to compute.
 *
 * @param memory of the model; closing it frees the memory
 */
public record LoadedModel(Predictor predictor, ModelFacts facts, Runnable memory)
    implements AutoCloseable {
  @Override
  public void close() {
    memory.run();
  }
}
