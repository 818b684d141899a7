package dev.selvage.sample.paint;

/** A pattern over cloth: how much of the second colour shows at a place. */
interface Texture {
  /**
   * Share of the accent colour, 0..1.
   *
   * @param u across, in figure units
   * @param v along, in figure units
   * @param pixel the size of a pixel in figure units, over which edges are softened
   */
  double accent(double u, double v, double pixel);
}
