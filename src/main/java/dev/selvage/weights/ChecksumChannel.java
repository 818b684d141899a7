package dev.selvage.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.Checksum;

/** Updates a checksum with the bytes that are written through it. */
record ChecksumChannel(WritableByteChannel out, Checksum sum) implements WritableByteChannel {
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    ByteBuffer written = bytes.duplicate();
    int count = out.write(bytes);
    sum.update(written.limit(written.position() + count));
    return count;
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
