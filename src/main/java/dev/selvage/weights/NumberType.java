package dev.selvage.weights;

import java.nio.ByteBuffer;

/** The encoding of floating-point numbers in a file. */
public enum NumberType {
  FLOAT16(2) {
    @Override
    float read(ByteBuffer bytes) {
      return half(bytes.getShort());
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

  /** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float magnitude;
    if (exponent == 0x1F) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else {
      // the bits of a float: an exponent that is counted from -127, not -15, 23 bits of fraction
      magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
