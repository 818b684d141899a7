package dev.selvage.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.runtime.NativeException;
import dev.selvage.util.Needs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith({NoLeaks.class, OpenScope.class})
class TensorTest {
  /**
   * Floats that bfloat16 cannot hold, and what it rounds them to: to even where two are as near.
   */
  private static final float[][] ROUNDED = {
    {1f, 1f},
    {1 + 0x1p-8f, 1f},
    {1 + 0x1.8p-8f, 1 + 0x1p-7f},
    {1 + 0x3p-8f, 1 + 0x1p-6f},
    {-3.14159f, -3.140625f},
    {1e30f, 0x1.94p99f},
    {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY},
    {Float.NaN, Float.NaN},
    {0f, 0f},
  };

  @Test
  void knowsItsShape() {
    Tensor tensor = Tensor.zeros(2, 3, 4, 5);
    assertEquals(120, tensor.size());
    assertEquals(3, tensor.dim(1));
    assertEquals(5, tensor.lastDim());
    assertEquals(24, tensor.rows());
    assertEquals(DType.F32, tensor.type());
    assertEquals("Tensor[2, 3, 4, 5]", tensor.toString());
    tensor.shape()[0] = 9;
    assertArrayEquals(new long[] {2, 3, 4, 5}, tensor.shape());
  }

  @Test
  void theCallersArrayIsNotItsShape() {
    long[] shape = {2, 3};
    Tensor tensor = Tensor.zeros(shape);
    Tensor view = tensor.view(0, shape);
    shape[0] = 9;
    assertArrayEquals(new long[] {2, 3}, tensor.shape());
    assertArrayEquals(new long[] {2, 3}, view.shape());
  }

  @Test
  void ranksAreOneToFive() {
    long before = Tensor.live();
    assertEquals(1, Tensor.zeros(1, 1, 1, 1, 1).size());
    assertThrows(RuntimeException.class, () -> Tensor.allocate());
    assertThrows(RuntimeException.class, () -> Tensor.allocate(1, 1, 1, 1, 1, 1));
    assertThrows(RuntimeException.class, () -> Tensor.allocate(2, -1));
    assertEquals(before + 1, Tensor.live());
  }

  @Test
  void aShapeWithTooManyElementsIsRefused() {
    long before = Tensor.live();
    assertThrows(ArithmeticException.class, () -> Tensor.count(1L << 32, 1L << 31));
    assertThrows(ArithmeticException.class, () -> Tensor.allocate(1L << 32, 1L << 32));
    assertEquals(before, Tensor.live());
  }

  @Test
  void floatsComeBackBitByBit() {
    float[] values = {1.5f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 0.1f};
    assertArrayEquals(values, Tensor.of(values, 2, 3).download());
    assertEquals(1 / -0f, 1 / Tensor.of(values, 6).download()[1]);
  }

  @Test
  void bfloat16RoundsToTheNearest() {
    Needs.bf16("rounding");
    Tensor tensor = Tensor.allocate(DType.BF16, ROUNDED.length);
    float[] values = new float[ROUNDED.length];
    float[] expected = new float[ROUNDED.length];
    for (int i = 0; i < ROUNDED.length; i++) {
      values[i] = ROUNDED[i][0];
      expected[i] = ROUNDED[i][1];
    }
    tensor.upload(values);
    assertArrayEquals(expected, tensor.download());
    assertArrayEquals(expected, Ops.cast(Tensor.of(values, values.length), DType.BF16).download());
  }

  @Test
  void castingToFloatAndBackKeepsBfloat16() {
    Needs.bf16("casting");
    Tensor bf16 = Tensor.allocate(DType.BF16, 2, 50);
    bf16.upload(random(100));
    Tensor f32 = Ops.cast(bf16, DType.F32);
    Tensor back = Ops.cast(f32, DType.BF16);
    assertEquals(DType.F32, f32.type());
    assertEquals(DType.BF16, back.type());
    assertArrayEquals(new long[] {2, 50}, back.shape());
    assertArrayEquals(bf16.download(), f32.download());
    assertArrayEquals(bf16.download(), back.download());
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16"})
  void zerosAndFillSetEveryElement(DType type) {
    if (type == DType.BF16) {
      Needs.bf16("zeros and fill");
    }
    Tensor tensor = Tensor.zeros(type, 3, 7);
    assertArrayEquals(new float[21], tensor.download());
    tensor.fill(2.5f);
    for (float value : tensor.download()) {
      assertEquals(2.5f, value);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 7})
  void uploadRefusesAnotherNumberOfValues(int count) {
    Tensor tensor = Tensor.zeros(2, 3);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> tensor.upload(new float[count]));
    assertEquals("a tensor [2, 3] takes 6 values, got " + count, thrown.getMessage());
  }

  @Test
  void anEmptyTensorIsATensorToo() {
    Tensor tensor = Tensor.zeros(0, 4);
    assertEquals(0, tensor.size());
    tensor.upload(new float[0]);
    assertEquals(0, tensor.download().length);
    assertEquals(0, tensor.view(0, 0).size());
  }

  @Test
  void aViewSharesTheMemory() {
    Tensor tensor = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 6);
    Tensor view = tensor.view(2, 2, 2);
    assertArrayEquals(new float[] {2, 3, 4, 5}, view.download());
    view.fill(9f);
    assertArrayEquals(new float[] {0, 1, 9, 9, 9, 9}, tensor.download());
    assertArrayEquals(new float[] {9}, view.view(3, 1).download());
  }

  @Test
  void aViewOfBfloat16CountsElements() {
    Needs.bf16("a view");
    Tensor tensor = Tensor.allocate(DType.BF16, 4);
    tensor.upload(new float[] {1, 2, 3, 4});
    Tensor view = tensor.view(1, 2);
    assertEquals(DType.BF16, view.type());
    assertArrayEquals(new float[] {2, 3}, view.download());
  }

  @Test
  void theRootIsTheTensorThatHoldsTheMemory() {
    Tensor tensor = Tensor.zeros(6);
    Tensor view = tensor.view(1, 4);
    assertSame(tensor, tensor.root());
    assertSame(tensor, view.root());
    assertSame(tensor, view.view(1, 2).root());
    assertSame(tensor, tensor.reshape(2, 3).root());
  }

  @Test
  void aViewBelongsToTheScopeInWhichItIsCut() {
    Tensor tensor = Tensor.of(new float[] {1, 2}, 2);
    Tensor view;
    try (Scope inner = Scope.open()) {
      view = tensor.view(0, 1);
      assertSame(inner, view.owner());
    }
    assertTrue(view.isClosed());
    assertArrayEquals(new float[] {1, 2}, tensor.download());
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "0, 7",
    "6, 1",
    "5, 2",
    "7, 0",
    "9223372036854775807, 1",
    "9223372036854775807, 9223372036854775807",
    "1, 9223372036854775807",
    "-9223372036854775808, 6"
  })
  void aViewBeyondTheTensorIsRefused(long offset, long size) {
    long before = Tensor.live();
    Tensor tensor = Tensor.zeros(2, 3);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> tensor.view(offset, size));
    assertEquals(
        "a view [%d] at %d reaches beyond [2, 3]".formatted(size, offset), thrown.getMessage());
    assertEquals(before + 1, Tensor.live());
  }

  @Test
  void aViewOfAViewStaysInsideThatView() {
    Tensor view = Tensor.zeros(6).view(2, 2);
    assertThrows(IllegalArgumentException.class, () -> view.view(0, 3));
  }

  @Test
  void aViewOfAFreedTensorIsRefused() {
    Tensor tensor = Tensor.zeros(6);
    Tensor view = tensor.view(2, 2);
    Tensor inner = view.reshape(1, 2);
    view.close();
    assertArrayEquals(new float[2], inner.download()); // the memory is the tensor's
    tensor.close();
    Tensor other = Tensor.zeros(6); // likely at the same place
    assertTrue(inner.isClosed());
    assertThrows(IllegalStateException.class, () -> inner.fill(7));
    assertThrows(IllegalStateException.class, () -> inner.upload(new float[2]));
    assertThrows(IllegalStateException.class, () -> inner.view(0, 1));
    assertArrayEquals(new float[6], other.download());
    inner.close();
  }

  @Test
  void negativeDimensionsAreRefused() {
    Tensor tensor = Tensor.zeros(2, 3);
    assertThrows(IllegalArgumentException.class, () -> tensor.view(0, -2, -3));
    assertThrows(IllegalArgumentException.class, () -> tensor.reshape(-2, -3));
    assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(-2, -3));
  }

  @Test
  void whatNoMachineHoldsIsRefused() {
    long before = Tensor.live();
    long most = Long.MAX_VALUE;
    for (long size : new long[] {(1L << 61) + 1, 1L << 62, most, 1L << 60, (1L << 58) + 1}) {
      assertThrows(ArithmeticException.class, () -> Tensor.allocate(size), "" + size);
    }
    assertThrows(NativeException.class, () -> Tensor.allocate(1L << 56));
    assertThrows(NativeException.class, () -> Tensor.allocate(1L << 28, 1L << 20));
    assertEquals(before, Tensor.live());
  }

  @Test
  void tooFewPixelsAreRefused() {
    float[] mean = {1, 2, 3};
    try (BytePointer rgb = new BytePointer(2 * 3 * 3)) {
      rgb.fill((byte) 5);
      assertEquals(4, Ops.moldImages(DType.F32, rgb, 1, 2, 3, mean).download()[0]);
      assertThrows(
          IllegalArgumentException.class, () -> Ops.moldImages(DType.F32, rgb, 1, 3, 3, mean));
      assertThrows(
          IllegalArgumentException.class,
          () -> Ops.moldImages(DType.F32, rgb, 1, 1 << 30, 1 << 30, mean));
      assertThrows(
          IllegalArgumentException.class,
          () -> Ops.moldImages(DType.F32, rgb, 1, 2, 3, new float[2]));
      assertThrows(IllegalArgumentException.class, () -> Ops.prefetchImages(rgb, 19));
      assertThrows(IllegalArgumentException.class, () -> Ops.prefetchImages(rgb, -1));
    }
  }

  @Test
  void arraysThatAreTooShortAreRefused() {
    Tensor p = Tensor.zeros(8);
    Ranges ranges = new Ranges(new long[] {0, 4}, new long[] {4, 4});
    assertThrows(IllegalArgumentException.class, () -> new Ranges(new long[2], new long[1]));
    assertThrows(IllegalArgumentException.class, () -> Ops.l2(p, p, ranges, new float[1]));
    assertThrows(IllegalArgumentException.class, () -> Ops.l2Grad(p, p, p, ranges, new float[1]));
    Tensor boxes = Tensor.zeros(1, 1, 4);
    assertThrows(
        IllegalArgumentException.class,
        () -> Ops.propose(boxes, boxes, boxes, 1, 1, 0.7f, new float[3]));
  }

  @Test
  void reshapeKeepsTheOrderAndTheSize() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertArrayEquals(new long[] {3, 2}, tensor.reshape(3, 2).shape());
    assertArrayEquals(tensor.download(), tensor.reshape(3, 2).download());
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> tensor.reshape(4));
    assertEquals("[2, 3] cannot become [4]", thrown.getMessage());
  }

  @Test
  void aFreedTensorIsRefused() {
    Tensor tensor = Tensor.zeros(2);
    tensor.close();
    assertTrue(tensor.isClosed());
    IllegalStateException thrown = assertThrows(IllegalStateException.class, tensor::download);
    assertEquals("the tensor [2] has been freed", thrown.getMessage());
    assertThrows(IllegalStateException.class, () -> tensor.upload(new float[2]));
    assertThrows(IllegalStateException.class, () -> tensor.view(0, 1));
    assertThrows(IllegalStateException.class, () -> tensor.fill(1));
    assertThrows(IllegalStateException.class, () -> Ops.copy(tensor));
  }

  /** Across more than one block of what is moved at a time. */
  @Test
  void aFileHoldsLittleEndianFloats() throws IOException {
    int size = (1 << 18) + 3;
    float[] values = random(size);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Tensor.of(values, size).writeTo(Channels.newChannel(bytes));
    ByteBuffer expected = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    expected.asFloatBuffer().put(values);
    assertArrayEquals(expected.array(), bytes.toByteArray());

    Tensor read = Tensor.zeros(size);
    read.readFrom(Channels.newChannel(new ByteArrayInputStream(expected.array())));
    assertArrayEquals(values, read.download());
  }

  @Test
  void aFileThatEndsTooEarlyIsRefused() {
    Scope scope = Scope.current();
    Tensor tensor = Tensor.zeros(2, 2);
    EOFException thrown =
        assertThrows(
            EOFException.class,
            () -> tensor.readFrom(Channels.newChannel(new ByteArrayInputStream(new byte[15]))));
    assertEquals("the values of Tensor[2, 2] end too early", thrown.getMessage());
    assertSame(scope, Scope.current());
  }

  private static float[] random(int size) {
    Random random = new Random(5);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
