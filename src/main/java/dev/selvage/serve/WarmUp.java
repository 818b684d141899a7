package dev.selvage.serve;

import dev.selvage.data.image.UnusablePhoto;
import dev.selvage.predict.LoadedViews;
import dev.selvage.predict.Predictor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Loads all libraries and takes the model's memory before the first client comes, whose photo would
 * otherwise take seconds longer.
 */
public final class WarmUp {
  private static final int SIDE = 64;
  private static final int HEADER = 54;

  private WarmUp() {}

  /** Computes a grey photo on this thread. */
  public static void run(Predictor predictor) {
    try (LoadedViews views = predictor.loadViews(predictor.photo(greyBmp()))) {
      predictor.compute(views).get();
    } catch (UnusablePhoto e) {
      throw new IllegalStateException("a photo of the program's own cannot be decoded", e);
    }
  }

  private static byte[] greyBmp() {
    ByteBuffer bmp = ByteBuffer.allocate(HEADER + 3 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
    bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(HEADER);
    // size of this header, width, height, planes, bits of a pixel
    bmp.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) 24);
    bmp.position(HEADER);
    while (bmp.hasRemaining()) {
      bmp.put((byte) 128);
    }
    return bmp.array();
  }
}
