package dev.selvage.train;

import dev.selvage.data.loader.Batch;
import dev.selvage.util.UserError;
import java.util.List;
import java.util.Map;

/**
 * Ends a run at the first number that is not finite, and says where in the step it began. Costs
 * nothing until then.
 */
final class FiniteCheck {
  private final NonFiniteLocator search;

  /**
   * A check of steps.
   *
   * @param search repeats a step of the same model
   */
  FiniteCheck(NonFiniteLocator search) {
    this.search = search;
  }

  /**
   * Looks at a step's numbers. A total that comes first in the map is looked at last, since it only
   * sums the others up.
   *
   * @param where epoch and step
   * @param batches of the step
   * @throws UserError one is not finite: its name, where the step is, and the operation, layer and
   *     photos that it began with
   */
  void require(Map<String, Double> values, String where, List<Batch> batches) {
    String[] names = values.keySet().toArray(String[]::new);
    for (int i = 1; i <= names.length; i++) {
      String name = names[i % names.length];
      if (!Double.isFinite(values.get(name))) {
        throw new UserError(
            "%s: expected a finite %s, found %s, %s; the last checkpoint is good, and a lower LRS or GRADIENT_CLIP_NORM may help"
                .formatted(where, name, values.get(name), search.trace(batches)));
      }
    }
  }
}
