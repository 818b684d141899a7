package dev.selvage.weights.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's file format before 1.6, which its older model files still have: four pickles (a mark,
 * the format's version, facts about the machine, the object), one with the storages' keys, then
 * each storage with its number of elements before it.
 */
final class TorchLegacy implements TorchGlobals.Storages {
  private static final BigInteger MARK = new BigInteger("119547037146038801333356");
  private static final long VERSION = 1001;

  private final Map<String, ByteBuffer> storages = new HashMap<>();

  private TorchLegacy() {}

  /** Whether a file's first pickle is the format's mark. */
  static boolean begins(ByteBuffer bytes) {
    ByteBuffer head = bytes.slice(0, Math.min(bytes.remaining(), 32));
    try {
      TorchGlobals none = new TorchGlobals(null, 0, s -> {});
      return MARK.equals(PickleMachine.read(new PickleInput(head), none));
    } catch (PickleException e) {
      return false;
    }
  }

  /** The object that was saved. */
  static Object read(ByteBuffer bytes) {
    TorchLegacy file = new TorchLegacy();
    Map<String, TorchGlobals.Storage> named = new HashMap<>();
    TorchGlobals globals = new TorchGlobals(file, bytes.remaining(), s -> named.put(s.key(), s));
    PickleInput in = new PickleInput(bytes);
    PickleMachine.read(in, globals);
    Object version = PickleMachine.read(in, globals);
    if (!Long.valueOf(VERSION).equals(version)) {
      throw new PickleException(
          "%s of PyTorch's format instead of 1001"
              .formatted(version instanceof Long ? "version " + version : "no version"));
    }
    PickleMachine.read(in, globals);
    Object saved = PickleMachine.read(in, globals);
    List<?> keys = (List<?>) PickleMachine.read(in, globals);
    for (Object key : keys) {
      TorchGlobals.Storage storage = named.get((String) key);
      if (storage == null || in.length() != storage.elements()) {
        throw new PickleException("a storage whose size differs from that of its tensors");
      }
      file.storages.put((String) key, in.bytes(storage.bytes()));
    }
    if (!file.storages.keySet().equals(named.keySet())) {
      throw new PickleException("a tensor whose numbers are missing");
    }
    return saved;
  }

  @Override
  public ByteBuffer read(String key, long bytes) {
    ByteBuffer storage = storages.get(key);
    return storage.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }
}
