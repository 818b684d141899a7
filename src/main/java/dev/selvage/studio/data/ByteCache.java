package dev.selvage.studio.data;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Pictures as bytes, those used last, up to a number of bytes altogether. Thread-safe. */
final class ByteCache {
  private final long most;
  private final Map<String, byte[]> pictures = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * An empty cache.
   *
   * @param most bytes altogether
   */
  ByteCache(long most) {
    this.most = most;
  }

  synchronized Optional<byte[]> get(String key) {
    return Optional.ofNullable(pictures.get(key));
  }

  /** Keeps a picture, and drops those that were not used for the longest time. */
  synchronized void put(String key, byte[] picture) {
    byte[] before = pictures.put(key, picture);
    bytes += picture.length - (before == null ? 0 : before.length);
    Iterator<byte[]> oldest = pictures.values().iterator();
    while (bytes > most && oldest.hasNext()) {
      bytes -= oldest.next().length;
      oldest.remove();
    }
  }
}
