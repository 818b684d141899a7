package dev.selvage.weights.torch;

import dev.selvage.weights.NumberType;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The names that a pickle of PyTorch's tensors uses. */
final class TorchGlobals implements PickleMachine.Globals {
  /** The numbers that belong to tensors and lie outside the pickle. */
  interface Storages {
    /**
     * The numbers of one storage.
     *
     * @param bytes that they take
     * @throws PickleException if they are not there
     */
    ByteBuffer read(String key, long bytes);
  }

  private static final Map<String, NumberType> TYPES =
      Map.of(
          "HalfStorage", NumberType.FLOAT16,
          "BFloat16Storage", NumberType.BFLOAT16,
          "FloatStorage", NumberType.FLOAT32,
          "DoubleStorage", NumberType.FLOAT64);

  /** Axes of a tensor; a convolution's weights have four. */
  private static final int MOST_AXES = 8;

  /** What a file may be read for in all, as a multiple of its size. */
  private static final int READINGS = 8;

  private static final long ALWAYS_READ = 1 << 28;

  private final Storages storages;
  private long left;
  private final Consumer<Storage> named;

  /**
   * @param fileBytes of the whole file: many tensors may be parts of one storage, but they do not
   *     make a small file a large one
   * @param named gets every storage that the pickle names
   */
  TorchGlobals(Storages storages, long fileBytes, Consumer<Storage> named) {
    this.storages = storages;
    left = ALWAYS_READ + READINGS * fileBytes;
    this.named = named;
  }

  @Override
  public PickleFunction find(String module, String name) {
    if (module.equals("torch") && name.endsWith("Storage")) {
      return new StorageType(name);
    }
    return switch (module + "." + name) {
      case "collections.OrderedDict" -> arguments -> new LinkedHashMap<>();
      case "torch._utils._rebuild_tensor_v2" -> this::tensor;
      case "torch._utils._rebuild_parameter" -> arguments -> arguments.get(0);
      case "torch.Size" -> arguments -> arguments.get(0);
      default -> null;
    };
  }

  /**
   * @param id "storage", type, key, device, elements, and in the old format the storage that this
   *     one is a part of
   */
  @Override
  public Object persistent(List<?> id) {
    if (!"storage".equals(id.get(0)) || id.size() > 5 && id.get(5) != null) {
      throw new PickleException("a tensor that is stored as part of another");
    }
    PickleMachine.requireShort((String) id.get(2));
    Storage storage =
        new Storage(((StorageType) id.get(1)).name(), (String) id.get(2), (Long) id.get(4));
    named.accept(storage);
    return storage;
  }

  private Object tensor(List<?> arguments) {
    Tensor tensor =
        new Tensor(
            this::read,
            (Storage) arguments.get(0),
            (Long) arguments.get(1),
            longs(arguments.get(2)),
            longs(arguments.get(3)));
    tensor.checkBounds();
    return tensor;
  }

  private ByteBuffer read(String key, long bytes) {
    left -= bytes;
    if (left < 0) {
      throw new PickleException("tensors that share storages too often");
    }
    return storages.read(key, bytes);
  }

  /** A shape, or what else has one number per axis. */
  static List<Long> longs(Object tuple) {
    int axes = ((List<?>) tuple).size();
    if (axes > MOST_AXES) {
      throw new PickleException("an array with %d axes".formatted(axes));
    }
    return ((List<?>) tuple).stream().map(d -> (Long) d).toList();
  }

  /** A class of storages, which is named but never called. */
  private record StorageType(String name) implements PickleFunction {
    @Override
    public Object call(List<?> arguments) {
      throw new PickleException("a " + name + " inside a pickle");
    }
  }

  /**
   * A part of the file.
   *
   * @param type PyTorch's name of the class
   * @param elements of it
   */
  record Storage(String type, String key, long elements) {
    /** Bytes of the whole storage; also of types that are not read. */
    long bytes() {
      int each =
          switch (type) {
            case "ByteStorage", "CharStorage", "BoolStorage" -> 1;
            case "HalfStorage", "BFloat16Storage", "ShortStorage" -> 2;
            case "FloatStorage", "IntStorage" -> 4;
            case "DoubleStorage", "LongStorage" -> 8;
            default -> throw new PickleException("a tensor of PyTorch's " + type);
          };
      return Math.multiplyExact(each, elements);
    }
  }

  /** A tensor: some elements of a storage. */
  private record Tensor(
      Storages storages, Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements CheckpointTensor {

    @Override
    public float[] values() {
      NumberType type = TYPES.get(storage.type());
      if (type == null) {
        throw new PickleException("a tensor of PyTorch's " + storage.type());
      }
      int count = Math.toIntExact(CheckpointTensor.count(shape));
      ByteBuffer all = storages.read(storage.key(), storage.bytes());
      if (isRowMajor()) {
        int from = Math.toIntExact(offset * type.bytes());
        return type.readAll(all.slice(from, count * type.bytes()).order(all.order()));
      }
      float[] stored = type.readAll(all);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = stored[place(i)];
      }
      return values;
    }

    private void checkBounds() {
      long count = CheckpointTensor.count(shape);
      if (count > storage.elements() || count > 0 && last() >= storage.elements()) {
        throw new PickleException(
            "a tensor of shape %s in a storage of %d numbers".formatted(shape, storage.elements()));
      }
    }

    private boolean isRowMajor() {
      long expected = 1;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        if (shape.get(axis) != 1 && strides.get(axis) != expected) {
          return false;
        }
        expected *= shape.get(axis);
      }
      return true;
    }

    /** Where in the storage the value of a row-major index is. */
    private int place(int index) {
      long place = offset;
      int rest = index;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        int dim = shape.get(axis).intValue();
        place += rest % dim * strides.get(axis);
        rest /= dim;
      }
      return (int) place;
    }

    /** The greatest place of a value; none is below zero. */
    private long last() {
      long last = offset;
      for (int axis = 0; axis < shape.size(); axis++) {
        if (offset < 0 || strides.get(axis) < 0) {
          throw new PickleException("a tensor that begins before its storage");
        }
        last =
            Math.addExact(last, Math.multiplyExact(shape.get(axis) - 1, (long) strides.get(axis)));
      }
      return last;
    }
  }
}
