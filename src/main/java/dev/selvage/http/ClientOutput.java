package dev.selvage.http;

import java.io.IOException;
import java.io.OutputStream;

/** What goes to a client; tells its failures from those of the files that an answer is made of. */
final class ClientOutput extends OutputStream {
  private final OutputStream out;
  private long written;

  ClientOutput(OutputStream out) {
    this.out = out;
  }

  /** Bytes so far. */
  long written() {
    return written;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      throw new ClientGone(e);
    }
    written += count;
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new ClientGone(e);
    }
  }
}
