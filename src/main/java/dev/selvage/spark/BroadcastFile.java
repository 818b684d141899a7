package dev.selvage.spark;

import dev.selvage.util.PendingFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A file that executors hand on to each other, in pieces that fit into a small heap. Spark's {@code
 * addFile} is no way: it takes no two files of one name, and since 4.0 executors do not see files
 * that were added outside of a session's own state.
 */
record BroadcastFile(List<Broadcast<byte[]>> pieces) implements Serializable {
  private static final int PIECE = 16 << 20;

  /**
   * Reads a file of the driver.
   *
   * @throws UserError it cannot be read
   */
  static BroadcastFile of(Path file, JavaSparkContext context) {
    List<Broadcast<byte[]>> pieces = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        pieces.add(context.broadcast(piece));
      }
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
    return new BroadcastFile(List.copyOf(pieces));
  }

  /**
   * Writes it on an executor.
   *
   * @throws UserError it cannot be written
   */
  void write(Path copy) {
    try (PendingFile pending = PendingFile.create(copy)) {
      for (Broadcast<byte[]> piece : pieces) {
        pending.out().write(ByteBuffer.wrap(piece.value()));
      }
      pending.finish();
    } catch (IOException e) {
      throw new UserError("%s: cannot be written (%s)".formatted(copy, e.getMessage()), e);
    }
  }
}
