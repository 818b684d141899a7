package dev.selvage.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NumberTypeTest {
  /** Every number of 16 bits, as IEEE 754 defines it. */
  @Test
  void halvesAreWhatTheirBitsSay() {
    ByteBuffer all = ByteBuffer.allocate(2 << 16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      all.putShort((short) bits);
    }
    float[] values = NumberType.FLOAT16.readAll(all.flip());
    for (int bits = 0; bits < 1 << 16; bits++) {
      int exponent = bits >> 10 & 0x1F;
      double fraction = (bits & 0x3FF) / 1024.0;
      double magnitude =
          switch (exponent) {
            case 0 -> Math.scalb(fraction, -14);
            case 0x1F -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb(1 + fraction, exponent - 15);
          };
      assertEquals(
          (float) (bits >> 15 == 0 ? magnitude : -magnitude), values[bits], "bits " + bits);
    }
  }

  /** The buffer's position, limit and byte order count, and stay. */
  @Test
  void whatIsReadIsTheRestOfTheBuffer() {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      ByteBuffer floats = ByteBuffer.allocate(16).order(order);
      floats.putFloat(9).putFloat(1.5f).putFloat(-2).putFloat(9).position(4).limit(12);
      assertArrayEquals(new float[] {1.5f, -2}, NumberType.FLOAT32.readAll(floats));
      assertEquals(4, floats.position());
      ByteBuffer doubles = ByteBuffer.allocate(8).order(order).putDouble(0.25).flip();
      assertArrayEquals(new float[] {0.25f}, NumberType.FLOAT64.readAll(doubles));
      ByteBuffer shorts = ByteBuffer.allocate(2).order(order).putShort((short) 0xBF80).flip();
      assertArrayEquals(new float[] {-1}, NumberType.BFLOAT16.readAll(shorts));
    }
  }
}
