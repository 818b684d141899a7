package dev.selvage.train.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a protocol buffer as its specification says, knowing nothing of what wrote it. */
final class ProtoFields {
  private final Map<Integer, List<Object>> fields = new HashMap<>();

  ProtoFields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value =
          switch ((int) (key & 7)) {
            case 0 -> varint(in);
            case 1 -> in.getDouble();
            case 2 -> {
              byte[] bytes = new byte[(int) varint(in)];
              in.get(bytes);
              yield bytes;
            }
            case 5 -> in.getFloat();
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      fields.computeIfAbsent((int) (key >>> 3), field -> new ArrayList<>()).add(value);
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  boolean has(int field) {
    return fields.containsKey(field);
  }

  /** A field that is there once. */
  Object one(int field) {
    assertEquals(1, fields.get(field).size());
    return fields.get(field).get(0);
  }

  String text(int field) {
    return new String((byte[]) one(field), StandardCharsets.UTF_8);
  }

  ProtoFields message(int field) {
    return new ProtoFields((byte[]) one(field));
  }

  List<ProtoFields> messages(int field) {
    return fields.getOrDefault(field, List.of()).stream()
        .map(bytes -> new ProtoFields((byte[]) bytes))
        .toList();
  }

  double[] doubles(int field) {
    byte[] packed = (byte[]) one(field);
    double[] values = new double[packed.length / Double.BYTES];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    return values;
  }
}
