package dev.selvage.weights.torch;

import dev.selvage.weights.NumberType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names that a pickle of numpy arrays uses, of numpy 1 and 2, from protocol 2 to 5. */
final class NumpyGlobals implements PickleMachine.Globals {
  private static final Map<String, NumberType> TYPES =
      Map.of("f2", NumberType.FLOAT16, "f4", NumberType.FLOAT32, "f8", NumberType.FLOAT64);

  /** Letters of the longest name of a type that is read, such as f4. */
  private static final int LONGEST_TYPE = 8;

  /** Characters that may still be encoded; one text may be there a thousand times. */
  private long left;

  /**
   * @param fileBytes of the whole file
   */
  NumpyGlobals(long fileBytes) {
    left = fileBytes;
  }

  @Override
  public PickleFunction find(String module, String name) {
    return switch (module + "." + name) {
      case "collections.OrderedDict" -> arguments -> new LinkedHashMap<>();
      case "numpy.ndarray" ->
          arguments -> {
            throw new PickleException("a numpy array made without its data");
          };
      case "numpy.dtype" -> arguments -> new Type((String) arguments.get(0));
      case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" ->
          arguments -> new Array();
      case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer" ->
          arguments ->
              new Array(
                  (ByteBuffer) arguments.get(0),
                  (Type) arguments.get(1),
                  (List<?>) arguments.get(2),
                  !"C".equals(arguments.get(3)));
      case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" ->
          arguments -> arguments.get(1); // such as a count of steps; not used
      case "_codecs.encode" -> arguments -> latin1((String) arguments.get(0));
      default -> null;
    };
  }

  @Override
  public Object persistent(List<?> id) {
    throw new PickleException("a pickle of numpy arrays with data outside the pickle");
  }

  /** Protocol 2 has no bytes: it writes them as text and encodes that. */
  private ByteBuffer latin1(String text) {
    left -= text.length();
    if (left < 0) {
      throw new PickleException("numpy arrays that share one text too often");
    }
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** numpy's dtype. */
  private static final class Type implements PickleFunction.Buildable {
    private final String code;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    Type(String code) {
      if (code.length() > LONGEST_TYPE) {
        throw new PickleException("a numpy array of a type of %d letters".formatted(code.length()));
      }
      this.code = code;
    }

    /** Of one value: the type's letter is followed by them. */
    int bytes() {
      return Integer.parseInt(code.substring(1));
    }

    /**
     * @param state version, byte order and more
     */
    @Override
    public void build(Object state) {
      if (">".equals(((List<?>) state).get(1))) {
        order = ByteOrder.BIG_ENDIAN;
      }
    }
  }

  /** numpy's ndarray. */
  private static final class Array implements CheckpointTensor, PickleFunction.Buildable {
    private ByteBuffer data;
    private Type type;
    private List<Long> shape;

    Array() {}

    Array(ByteBuffer data, Type type, List<?> shape, boolean columnMajor) {
      set(data, type, shape, columnMajor);
    }

    /**
     * @param state version, shape, dtype, whether column-major, data
     */
    @Override
    public void build(Object state) {
      List<?> parts = (List<?>) state;
      if (parts.get(4) instanceof ByteBuffer bytes) {
        set(bytes, (Type) parts.get(2), (List<?>) parts.get(1), (Boolean) parts.get(3));
      } else {
        throw new PickleException("a numpy array of objects");
      }
    }

    private void set(ByteBuffer bytes, Type newType, List<?> newShape, boolean columnMajor) {
      List<Long> dims = TorchGlobals.longs(newShape);
      if (columnMajor && dims.size() > 1) {
        throw new PickleException("a numpy array in column-major order");
      }
      if (Math.multiplyExact(CheckpointTensor.count(dims), newType.bytes()) != bytes.remaining()) {
        throw new PickleException(
            "%d bytes of a numpy array of shape %s".formatted(bytes.remaining(), dims));
      }
      data = bytes;
      type = newType;
      shape = dims;
    }

    @Override
    public List<Long> shape() {
      if (shape == null) {
        throw new PickleException("a numpy array without data");
      }
      return shape;
    }

    @Override
    public float[] values() {
      NumberType numbers = TYPES.get(type.code);
      if (numbers == null) {
        throw new PickleException("a numpy array of type " + type.code);
      }
      return numbers.readAll(data.duplicate().order(type.order));
    }
  }
}
