package dev.selvage.sample.scene;

import dev.selvage.sample.paint.RandomChoices;

/** Where a photo is taken. */
interface Backdrop {
  /**
   * Paints it.
   *
   * @param floor pixel row where wall or horizon meets the ground
   */
  void paint(Scenery scenery, RandomChoices random, double floor);
}
