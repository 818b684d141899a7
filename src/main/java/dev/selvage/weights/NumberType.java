package dev.selvage.weights;

import java.nio.ByteBuffer;

/** The encoding of floating-point numbers in a file. */
public enum NumberType {
  FLOAT16(2) {
    @Override
    float read(ByteBuffer bytes) {
      return half(bytes.getShort());
    }

    @Override
    void read(ByteBuffer bytes, float[] values) {
      short[] halves = new short[values.length]; // an array is read much faster than a buffer
      bytes.asShortBuffer().get(halves);
      for (int i = 0; i < values.length; i++) {
        values[i] = half(halves[i]);
      }
    }
  },
  BFLOAT16(2) {
    @Override
    float read(ByteBuffer bytes) {
      return Float.intBitsToFloat(bytes.getShort() << 16);
    }
  },
  FLOAT32(4) {
    @Override
    float read(ByteBuffer bytes) {
      return bytes.getFloat();
    }

    @Override
    void read(ByteBuffer bytes, float[] values) {
      bytes.asFloatBuffer().get(values); // all at once, which is much faster
    }
  },
  FLOAT64(8) {
    @Override
    float read(ByteBuffer bytes) {
      return (float) bytes.getDouble();
    }
  };

  private final int bytes;

  NumberType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  /** The next number of a buffer, by its byte order. */
  abstract float read(ByteBuffer bytes);

  /** All numbers of a buffer. */
  public float[] readAll(ByteBuffer buffer) {
    float[] values = new float[buffer.remaining() / bytes];
    read(buffer.duplicate().order(buffer.order()), values);
    return values;
  }

  void read(ByteBuffer in, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = read(in);
    }
  }

  /**
   * IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. Its bits at a float's places are
   * the number times 2^-112, as the exponents count from -15 and -127; subnormal numbers too. A
   * branch on the sign would cost four times as much: it is guessed wrong every second time.
   */
  private static float half(short bits) {
    float value = Float.intBitsToFloat((bits & 0x8000) << 16 | (bits & 0x7FFF) << 13) * 0x1p112f;
    if (Math.abs(value) < 0x1p16f) {
      return value;
    }
    return (bits & 0x3FF) == 0 ? value * Float.POSITIVE_INFINITY : Float.NaN; // highest exponent
  }
}
