package dev.selvage.sample;

/** Where a photo is taken. */
interface Backdrop {
  /**
   * Paints it.
   *
   * @param floor pixel row where wall or horizon meets the ground
   */
  void paint(Scenery scenery, Dice dice, double floor);
}
