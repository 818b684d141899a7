package dev.selvage.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether two files hold the same bytes: SHA-256, in hexadecimal digits. */
public final class ContentHash {
  private ContentHash() {}

  /** The hash of bytes. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  /**
   * The hash of a file's bytes.
   *
   * @throws UserError it cannot be read
   */
  public static String of(Path file) {
    try (FileChannel in = FileChannel.open(file)) {
      MessageDigest sha = sha256();
      ByteBuffer block = ByteBuffer.allocate(1 << 16);
      while (in.read(block.clear()) >= 0) {
        sha.update(block.flip());
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
