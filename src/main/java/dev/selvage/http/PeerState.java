package dev.selvage.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Whether the other end of a connection is closed, by Linux' table of connections: Java tells it
 * only to who reads or writes, and the JDK's server does neither between a request and its answer.
 */
final class PeerState {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  /** The client has ended its side, and this side has not yet. */
  private static final String CLOSE_WAIT = "08";

  private PeerState() {}

  /** False too where no table can be read, or the connection is not in it. */
  static boolean isClosed(InetSocketAddress local, InetSocketAddress remote) {
    String localEnd = String.format(Locale.ROOT, ":%04X", local.getPort());
    String remoteEnd =
        hex(remote.getAddress().getAddress())
            + String.format(Locale.ROOT, ":%04X", remote.getPort());
    return TABLES.stream().anyMatch(table -> isClosed(table, localEnd, remoteEnd));
  }

  private static boolean isClosed(Path table, String localEnd, String remoteEnd) {
    try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
      // columns: number, local address, remote address, state; an IPv4 address is the end of an
      // IPv6 one
      return lines
          .map(line -> line.strip().split("\\s+", 5))
          .anyMatch(
              columns ->
                  columns.length == 5
                      && columns[1].endsWith(localEnd)
                      && columns[2].endsWith(remoteEnd)
                      && columns[3].equals(CLOSE_WAIT));
    } catch (IOException e) {
      return false;
    }
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
