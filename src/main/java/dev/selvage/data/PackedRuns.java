package dev.selvage.data;

import java.util.Arrays;

/**
 * Run lengths held small: seven bits a byte, low bits first, the top bit set where more bytes
 * follow.
 */
final class PackedRuns {
  private PackedRuns() {}

  static byte[] pack(int[] counts) {
    byte[] out = new byte[5 * counts.length];
    int at = 0;
    for (int count : counts) {
      int rest = count;
      while (rest >= 128) {
        out[at++] = (byte) (rest | 128);
        rest >>>= 7;
      }
      out[at++] = (byte) rest;
    }
    return Arrays.copyOf(out, at);
  }

  static int[] unpack(byte[] packed) {
    int values = 0;
    for (byte b : packed) {
      values += b >= 0 ? 1 : 0;
    }
    int[] counts = new int[values];
    int at = 0;
    int shift = 0;
    for (byte b : packed) {
      counts[at] |= (b & 127) << shift;
      shift += 7;
      if (b >= 0) {
        at++;
        shift = 0;
      }
    }
    return counts;
  }
}
