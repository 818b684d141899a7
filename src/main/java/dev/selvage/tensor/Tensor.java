package dev.selvage.tensor;

import dev.selvage.runtime.Native;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.bytedeco.javacpp.FloatPointer;

/**
 * An array outside the Java heap, row-major, of rank 1 to 5; feature maps are [N,H,W,C]. Its
 * elements have a {@link DType}, float32 unless said otherwise; what goes in and comes out is
 * float32 always. It belongs to the {@link Scope} that was open when it was made, unless the scope
 * hands it on. Never freed by the garbage collector. Use it only on the thread that made it.
 */
public final class Tensor implements AutoCloseable {
  /** Elements that are moved at a time where there is no array of all: 1 MB. */
  private static final long BLOCK = 1 << 18;

  /** Of an element, and what an allocator adds to a small tensor. */
  private static final long MOST_BYTES = 64;

  private final long[] shape;
  private final long size;
  private final DType type;
  private final Tensor base;
  private Native.Tensor handle;
  private Scope owner;

  private Tensor(Native.Tensor handle, DType type, long[] shape, Tensor base) {
    this.handle = handle;
    this.type = type;
    this.shape = shape;
    this.size = count(shape);
    this.base = base;
  }

  /** An uninitialised float32 tensor of the current scope. */
  public static Tensor allocate(long... shape) {
    return allocate(DType.F32, shape);
  }

  /**
   * An uninitialised tensor of the current scope.
   *
   * @param type one that is {@linkplain DType#available available}
   * @throws ArithmeticException if no machine can address so many elements
   * @throws dev.selvage.runtime.NativeException if there is no memory for them
   */
  public static Tensor allocate(DType type, long... shape) {
    long[] copy = shape.clone();
    Math.multiplyExact(count(copy), MOST_BYTES); // throws before there is native memory to lose
    Scope scope = Scope.current();
    return scope.adopt(
        new Tensor(Native.tensorNew(copy, copy.length, type.ordinal()), type, copy, null));
  }

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.F32, shape);
  }

  /** A tensor of zeros. */
  public static Tensor zeros(DType type, long... shape) {
    Tensor tensor = allocate(type, shape);
    tensor.fill(0f);
    return tensor;
  }

  /** A float32 tensor with these values in row-major order. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = allocate(shape);
    tensor.upload(values);
    return tensor;
  }

  /** Tensors that are not freed yet, in the whole process: the leak counter. */
  public static long live() {
    return Native.liveTensors();
  }

  /**
   * The number of elements of a shape.
   *
   * @throws ArithmeticException if it is no long
   * @throws IllegalArgumentException if a dimension is negative
   */
  public static long count(long... shape) {
    long n = 1;
    for (long d : shape) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "a shape has no negative dimensions, found " + Arrays.toString(shape));
      }
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  /**
   * A tensor of the current scope that shares this one's memory.
   *
   * @param offset of its first element, in elements
   * @throws IllegalArgumentException if it would reach beyond this tensor
   */
  public Tensor view(long offset, long... viewShape) {
    long[] copy = viewShape.clone();
    if (offset < 0 || count(copy) > size - offset) { // a sum could overflow
      throw new IllegalArgumentException(
          "a view "
              + Arrays.toString(copy)
              + " at "
              + offset
              + " reaches beyond "
              + Arrays.toString(shape));
    }
    Tensor root = base == null ? this : base;
    return Scope.current()
        .adopt(
            new Tensor(Native.tensorView(handle(), offset, copy, copy.length), type, copy, root));
  }

  /** The same elements under another shape of the same size. */
  public Tensor reshape(long... newShape) {
    if (count(newShape) != size) {
      throw new IllegalArgumentException(
          Arrays.toString(shape) + " cannot become " + Arrays.toString(newShape));
    }
    return view(0, newShape);
  }

  public long dim(int axis) {
    return shape[axis];
  }

  /** The last dimension: channels, or the width of a row. */
  public long lastDim() {
    return shape[shape.length - 1];
  }

  /** The product of all dimensions but the last. */
  public long rows() {
    long n = 1;
    for (int i = 0; i < shape.length - 1; i++) {
      n *= shape[i];
    }
    return n;
  }

  public long[] shape() {
    return shape.clone();
  }

  public DType type() {
    return type;
  }

  /** Elements. */
  public long size() {
    return size;
  }

  /** The tensor that holds the memory: this one, or for a view the one it was cut from. */
  public Tensor root() {
    return base == null ? this : base;
  }

  /**
   * Promises that the values stay as they are until the next call. A backend may then keep what it
   * derives from them, such as transformed weights, in memory of its own; each call drops what was
   * kept before.
   */
  public void holdConstant(boolean constant) {
    Native.holdConstant(handle(), constant);
  }

  /** Copies values in row-major order into this tensor. */
  public void upload(float[] values) {
    if (values.length != size) {
      throw new IllegalArgumentException(
          "a tensor "
              + Arrays.toString(shape)
              + " takes "
              + size
              + " values, got "
              + values.length);
    }
    if (size > 0) {
      try (FloatPointer source = new FloatPointer(values)) {
        Native.tensorUpload(handle(), source, size);
      }
    }
  }

  /** The values in row-major order. */
  public float[] download() {
    float[] values = new float[Math.toIntExact(size)];
    if (size > 0) {
      try (FloatPointer target = new FloatPointer(size)) {
        Native.tensorDownload(handle(), target, size);
        target.get(values);
      }
    }
    return values;
  }

  /** Writes the values in row-major order as little-endian float32, a block at a time. */
  public void writeTo(WritableByteChannel out) throws IOException {
    forEachBlock(
        (values, bytes, block) -> {
          Native.tensorDownload(block.handle(), values, block.size);
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @throws EOFException if the channel ends before the tensor is full
   */
  public void readFrom(ReadableByteChannel in) throws IOException {
    forEachBlock(
        (values, bytes, block) -> {
          while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
              throw new EOFException("the values of " + this + " end too early");
            }
          }
          Native.tensorUpload(block.handle(), values, block.size);
        });
  }

  private interface BlockAction<E extends Exception> {
    void apply(FloatPointer values, ByteBuffer bytes, Tensor block) throws E;
  }

  /** Gives each block as a view, with one buffer of its size both as floats and as bytes. */
  private <E extends Exception> void forEachBlock(BlockAction<E> action) throws E {
    try (FloatPointer values = new FloatPointer(Math.min(size, BLOCK))) {
      for (long at = 0; at < size; at += BLOCK) {
        long n = Math.min(BLOCK, size - at);
        Scope scope = Scope.open();
        try {
          ByteBuffer bytes = values.asByteBuffer().limit(Math.toIntExact(Float.BYTES * n));
          action.apply(values, bytes, view(at, n));
        } finally {
          scope.close();
        }
      }
    }
  }

  public void fill(float value) {
    if (size > 0) {
      Native.fill(handle(), value);
    }
  }

  /** Sets the values one after the other, in row-major order. */
  public void fill(DoubleSupplier next) {
    forEachBlock(
        (values, bytes, block) -> {
          FloatBuffer floats = bytes.asFloatBuffer();
          while (floats.hasRemaining()) {
            floats.put((float) next.getAsDouble());
          }
          Native.tensorUpload(block.handle(), values, block.size);
        });
  }

  /**
   * Sums the values over the ranks of a training, in the order of the ranks. May be called on the
   * thread that exchanges values with the other ranks, while nothing else uses the tensor.
   *
   * @param seconds that the other ranks have to come
   * @return a status of {@code selvage.h}
   */
  public int sumOverRanks(double seconds) {
    return Native.ranksSum(handle(), seconds);
  }

  /** Begins the same on a GPU; only the thread that computes may do so. */
  public void beginSumOverRanks() {
    Native.ranksBeginSum(handle());
  }

  /** Takes over the values of rank 0. The rest is as for {@link #sumOverRanks}. */
  public int takeFromFirstRank(double seconds) {
    return Native.ranksBroadcast(handle(), seconds);
  }

  /** Frees the memory now. Does nothing the second time. */
  @Override
  public void close() {
    if (owner != null) {
      owner.forget(this);
      owner = null;
    }
    if (handle != null) {
      Native.tensorFree(handle);
      handle = null;
    }
  }

  /** Whether the memory is freed; a view's goes with the tensor that it was cut from. */
  public boolean isClosed() {
    return root().handle == null || handle == null;
  }

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape);
  }

  /**
   * @throws IllegalStateException if the tensor, or the one that a view was cut from, has been
   *     freed
   */
  Native.Tensor handle() {
    if (handle == null || base != null && base.handle == null) {
      throw new IllegalStateException("the tensor " + Arrays.toString(shape) + " has been freed");
    }
    return handle;
  }

  Scope owner() {
    return owner;
  }

  void setOwner(Scope newOwner) {
    owner = newOwner;
  }
}
