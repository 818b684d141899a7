package dev.selvage.data;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * A file's bytes as the system's page cache holds them: reading any part of a big file costs no
 * heap. Several mappings make up a file of more than 2 GB. Thread-safe.
 */
public final class MappedFile {
  /** Of one mapping; a buffer's index is an int. */
  private static final int CHUNK_BITS = 30;

  private final Path path;
  private final long size;
  private final ByteBuffer[] chunks;

  private MappedFile(Path path, long size, ByteBuffer[] chunks) {
    this.path = path;
    this.size = size;
    this.chunks = chunks;
  }

  public static MappedFile open(Path path) throws IOException {
    return open(path, CHUNK_BITS);
  }

  /**
   * For tests, which have no room for large files.
   *
   * @param chunkBits of a mapping's size, at most 30
   */
  public static MappedFile open(Path path, int chunkBits) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      long size = channel.size();
      long chunk = 1L << chunkBits;
      ByteBuffer[] chunks = new ByteBuffer[Math.toIntExact((size + chunk - 1) / chunk)];
      for (int i = 0; i < chunks.length; i++) {
        long at = i * chunk;
        chunks[i] = channel.map(MapMode.READ_ONLY, at, Math.min(chunk, size - at));
      }
      return new MappedFile(path, size, chunks);
    }
  }

  public Path path() {
    return path;
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /**
   * Copies bytes out.
   *
   * @param from first byte in the file
   * @param to where it goes in out
   * @throws UserError the file has become shorter since it was opened
   */
  public void read(long from, byte[] out, int to, int length) {
    if (from < 0 || length > size - from) {
      throw new IllegalArgumentException(
          "%s: bytes %d to %d of %d".formatted(path, from, from + length, size));
    }
    long at = from;
    int done = 0;
    try {
      while (done < length) {
        ByteBuffer chunk = chunks[(int) (at / chunks[0].limit())];
        int begin = (int) (at % chunks[0].limit());
        int part = Math.min(length - done, chunk.limit() - begin);
        chunk.get(begin, out, to + done, part);
        at += part;
        done += part;
      }
    } catch (InternalError e) {
      // the JVM throws it when a mapped page lies beyond the end of the file
      throw new UserError(
          path + ": expected a file that does not change while it is in use, found it cut short",
          e);
    }
  }
}
