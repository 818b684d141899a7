package dev.selvage.predict;

import dev.selvage.data.Box;
import dev.selvage.mask.Rle;
import dev.selvage.model.Candidates;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What the model says about one photo before any choice. The probabilities of masks are kept in 16
 * bits, so each is at most 0.00001 off. (With 8 bits AP changed by 0.00016 on the sample dataset.)
 *
 * @param molding the photo's place in the model's image
 * @param candidates without masks
 * @param masks [C,side,side] flat, probabilities times 65535, unsigned
 */
public record RawPhoto(Molding molding, Candidates candidates, short[] masks) {
  private static final float STEPS = 65535;

  /**
   * Packs what the model says.
   *
   * @param said with masks
   */
  static RawPhoto of(Candidates said, Molding molding) {
    short[] masks = new short[said.masks().length];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = (short) Math.round(said.masks()[i] * STEPS);
    }
    return new RawPhoto(molding, said.withMasks(new float[0]), masks);
  }

  /** The box of a candidate in pixels of the photo. */
  public Box box(int i) {
    double[] box = molding.toPhoto(candidates.boxes(), i);
    return new Box(box[1], box[0], box[3] - box[1], box[2] - box[0]);
  }

  /**
   * The mask of a candidate at the photo's size.
   *
   * @param threshold lowest probability of its pixels
   * @return null where its box is empty in whole pixels
   */
  public Rle mask(int i, double threshold) {
    int[] pixels = molding.toPixels(candidates.boxes(), i);
    if (pixels[2] <= pixels[0] || pixels[3] <= pixels[1]) {
      return null;
    }
    float[] mask = probabilities(i);
    return MaskPaster.paste(
        mask, 0, candidates.side(), pixels, molding.height(), molding.width(), threshold);
  }

  private float[] probabilities(int i) {
    float[] mask = new float[candidates.side() * candidates.side()];
    for (int k = 0; k < mask.length; k++) {
      mask[k] = (masks[i * mask.length + k] & 0xffff) / STEPS;
    }
    return mask;
  }

  /**
   * The mask of a candidate with its edges where the photo has some, for {@link #sharpMask}.
   *
   * @return [{@value EdgeFilter#CELLS},{@value EdgeFilter#CELLS}] flat probabilities times 255;
   *     empty where the box is, in whole pixels
   */
  public byte[] sharpen(int i, Guide guide) {
    int[] box = molding.toPixels(candidates.boxes(), i);
    return box[2] <= box[0] || box[3] <= box[1]
        ? new byte[0]
        : EdgeFilter.sharpen(
            probabilities(i), candidates.side(), box, molding.height(), molding.width(), guide);
  }

  /**
   * The same as {@link #mask} of what {@link #sharpen} gave for the candidate.
   *
   * @param threshold lowest probability of its pixels
   * @return null where its box is empty in whole pixels
   */
  public Rle sharpMask(int i, byte[] sharp, double threshold) {
    if (sharp.length == 0) {
      return null;
    }
    float[] mask = new float[sharp.length];
    for (int k = 0; k < mask.length; k++) {
      mask[k] = (sharp[k] & 0xff) / 255f;
    }
    return MaskPaster.paste(
        mask,
        0,
        EdgeFilter.CELLS,
        EdgeFilter.region(molding.toPixels(candidates.boxes(), i)),
        molding.height(),
        molding.width(),
        threshold);
  }

  /**
   * The same candidates in the order of scores that count how sure their masks are: a score is
   * multiplied by a power of the maskness, the mean probability of the mask's cells that are above
   * 0.5 (Wang et al. 2021, "SOLO: A Simple Framework for Instance Segmentation").
   */
  RawPhoto withMaskness(double power) {
    if (power == 0) {
      return this;
    }
    float[] scores = scoresWithMaskness(power);
    return new RawPhoto(molding, candidates.withScores(scores), masks).only(byScore(scores));
  }

  /** The scores that {@link #withMaskness} counts, in the order of the candidates. */
  public float[] scoresWithMaskness(double power) {
    float[] scores = candidates.scores().clone();
    for (int i = 0; power > 0 && i < scores.length; i++) {
      scores[i] *= (float) Math.pow(maskness(i), power);
    }
    return scores;
  }

  /** The places of scores, highest first, equal ones as they are. */
  public static int[] byScore(float[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double maskness(int i) {
    int cells = candidates.side() * candidates.side();
    double sum = 0;
    int sure = 0;
    for (int k = i * cells; k < (i + 1) * cells; k++) {
      float probability = (masks[k] & 0xffff) / STEPS;
      if (probability > 0.5f) {
        sum += probability;
        sure++;
      }
    }
    return sure == 0 ? 0 : sum / sure;
  }

  /** The same for the photo at another size. */
  RawPhoto at(Molding place) {
    return new RawPhoto(place, candidates, masks);
  }

  /** The same for the photo with so many pixels on its longer side. */
  public RawPhoto withLongerSide(int pixels) {
    return at(molding.withLongerSide(pixels));
  }

  /** Some of the candidates, in the order that is given. */
  public RawPhoto only(int[] places) {
    int cells = candidates.side() * candidates.side();
    short[] some = new short[cells * places.length];
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(masks, cells * places[i], some, cells * i, cells);
    }
    return new RawPhoto(molding, candidates.only(places), some);
  }

  /** Pixels of the photo. */
  public int height() {
    return molding.height();
  }

  public int width() {
    return molding.width();
  }
}
