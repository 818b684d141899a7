package dev.selvage.studio.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ByteCacheTest {
  @Test
  void whatWasNotUsedForTheLongestTimeIsDropped() {
    ByteCache cache = new ByteCache(10);
    cache.put("a", new byte[4]);
    cache.put("b", new byte[4]);
    cache.get("a");
    cache.put("c", new byte[4]);
    assertTrue(cache.get("b").isEmpty());
    assertEquals(4, cache.get("a").orElseThrow().length);
    cache.put("a", new byte[6]); // in place of the one before, which counts no more
    assertEquals(4, cache.get("c").orElseThrow().length);
    cache.put("d", new byte[11]); // more than all may be
    assertTrue(cache.get("a").isEmpty());
    assertTrue(cache.get("d").isEmpty());
  }
}
