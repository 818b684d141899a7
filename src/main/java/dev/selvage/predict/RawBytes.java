package dev.selvage.predict;

import dev.selvage.model.Candidates;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A photo's raw detections as compressed bytes. A photo that cannot be used has none. */
final class RawBytes {
  /** Numbers before the candidates: size of the model's image, window, size of the photo, side. */
  private static final int NUMBERS = 9;

  private static final int CANDIDATE = 4 * Float.BYTES + Integer.BYTES + Float.BYTES + 1;

  private RawBytes() {}

  static byte[] write(Optional<RawPhoto> raw) {
    if (raw.isEmpty()) {
      return new byte[0];
    }
    Molding molding = raw.get().molding();
    Candidates c = raw.get().candidates();
    ByteBuffer out =
        ByteBuffer.allocate(
                Integer.BYTES * (NUMBERS + 1) + CANDIDATE * c.size() + 2 * raw.get().masks().length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(molding.moldedHeight()).putInt(molding.moldedWidth());
    for (int edge : molding.window()) {
      out.putInt(edge);
    }
    out.putInt(molding.height()).putInt(molding.width()).putInt(c.side()).putInt(c.size());
    for (int i = 0; i < c.size(); i++) {
      for (int k = 0; k < 4; k++) {
        out.putFloat(c.boxes()[4 * i + k]);
      }
      out.putInt(c.classIds()[i]).putFloat(c.scores()[i]).put((byte) (c.best()[i] ? 1 : 0));
    }
    // all high bytes before all low ones, since these look random and compress badly
    for (short value : raw.get().masks()) {
      out.put((byte) (value >> 8));
    }
    for (short value : raw.get().masks()) {
      out.put((byte) value);
    }
    return deflated(out.array());
  }

  /** Reads what {@link #write} wrote. */
  static Optional<RawPhoto> read(byte[] bytes) {
    if (bytes.length == 0) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(inflated(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    int moldedHeight = in.getInt();
    int moldedWidth = in.getInt();
    int[] window = {in.getInt(), in.getInt(), in.getInt(), in.getInt()};
    Molding molding = new Molding(moldedHeight, moldedWidth, window, in.getInt(), in.getInt());
    int side = in.getInt();
    int size = in.getInt();
    Candidates c =
        new Candidates(
            new float[4 * size],
            new int[size],
            new float[size],
            new boolean[size],
            new float[0],
            side);
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < 4; k++) {
        c.boxes()[4 * i + k] = in.getFloat();
      }
      c.classIds()[i] = in.getInt();
      c.scores()[i] = in.getFloat();
      c.best()[i] = in.get() == 1;
    }
    short[] masks = new short[in.remaining() / 2];
    for (int i = 0; i < masks.length; i++) {
      masks[i] = (short) (in.get() << 8);
    }
    for (int i = 0; i < masks.length; i++) {
      masks[i] |= (short) (in.get() & 0xff);
    }
    return Optional.of(new RawPhoto(molding, c, masks));
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
      out.writeBytes(
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(bytes.length)
              .array());
      byte[] block = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] bytes) {
    Inflater inflater = new Inflater(true);
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      byte[] out = new byte[in.getInt()];
      inflater.setInput(in);
      int size = 0;
      while (size < out.length) {
        int more = inflater.inflate(out, size, out.length - size);
        if (more == 0) {
          throw new IllegalArgumentException("compressed bytes that end too early");
        }
        size += more;
      }
      return out;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e); // the checksum was right
    } finally {
      inflater.end();
    }
  }
}
