package dev.selvage.train;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Measures what an epoch has brought. */
interface Validator {
  /**
   * Measures, and remembers in the state an AP that is the best so far.
   *
   * @param at a state after the last step of an epoch
   * @return what is to be written down about the epoch; empty if stop said so before all was done
   * @throws dev.selvage.util.UserError if a loss is not finite
   */
  Optional<EpochReport> report(TrainingState at, BooleanSupplier stop);
}
