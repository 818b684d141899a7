package dev.selvage.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Whether the other end of a connection is closed, by Linux' table of connections: Java tells it
 * only to who reads or writes, and the JDK's server does neither between a request and its answer.
 */
final class PeerState {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  /** The client has ended its side, and this side has not yet. */
  private static final String CLOSE_WAIT = "08";

  /** How an IPv4 address begins in the table of IPv6. */
  private static final String MAPPED = "0000000000000000FFFF0000";

  /** The system takes milliseconds to make the tables, so many requests share one reading. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static String tables = "";
  private static long readAt = System.nanoTime() - FRESH_NANOS;

  private PeerState() {}

  /**
   * Whether the client had closed the connection half a second ago. False too where no table can be
   * read, or the connection is not in it.
   */
  static boolean isClosed(InetSocketAddress local, InetSocketAddress remote) {
    String text = tables();
    // columns: number, local address, remote address, state
    String localEnd = String.format(Locale.ROOT, ":%04X ", local.getPort());
    String remoteEnd =
        hex(remote.getAddress().getAddress())
            + String.format(Locale.ROOT, ":%04X ", remote.getPort())
            + CLOSE_WAIT;
    return text.contains(localEnd + remoteEnd) || text.contains(localEnd + MAPPED + remoteEnd);
  }

  private static synchronized String tables() {
    if (System.nanoTime() - readAt >= FRESH_NANOS) {
      StringBuilder read = new StringBuilder();
      for (Path table : TABLES) {
        try {
          read.append(Files.readString(table, StandardCharsets.US_ASCII));
        } catch (IOException e) {
          // not Linux, or not allowed: nobody is taken for gone
        }
      }
      tables = read.toString();
      readAt = System.nanoTime();
    }
    return tables;
  }

  /** The table shows an address in words of four bytes, each with its last byte first. */
  private static String hex(byte[] address) {
    byte[] swapped = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      swapped[i] = address[i / 4 * 4 + 3 - i % 4];
    }
    return HexFormat.of().withUpperCase().formatHex(swapped);
  }
}
