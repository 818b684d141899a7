package dev.selvage.weights.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes pickles instruction by instruction, good ones and bad ones. */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    op(0x80).op(4);
  }

  byte[] stop() {
    op('.');
    return out.toByteArray();
  }

  PickleWriter op(int instruction) {
    out.write(instruction);
    return this;
  }

  PickleWriter raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').raw(little(4).putInt(bytes.length).array()).raw(bytes);
  }

  PickleWriter number(int value) {
    return op('J').raw(little(4).putInt(value).array());
  }

  PickleWriter global(String module, String name) {
    return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A numpy array of float32, as numpy 1 pickles it. */
  PickleWriter array(List<Long> shape, float... values) {
    ByteBuffer data = little(4 * values.length);
    for (float v : values) {
      data.putFloat(v);
    }
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray").number(0).op(0x85).op('C').op(1).op('b').op(0x87).op('R');
    op('(').number(1).op('(');
    shape.forEach(d -> number(d.intValue()));
    op('t').global("numpy", "dtype").text("f4").op(0x89).op(0x88).op(0x87).op('R');
    op('(').number(3).text("<").op('N').op('N').op('N').number(-1).number(-1).number(0);
    op('t').op('b').op(0x89).op('B').raw(little(4).putInt(data.capacity()).array());
    return raw(data.array()).op('t').op('b');
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
