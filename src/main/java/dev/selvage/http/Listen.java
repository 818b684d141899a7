package dev.selvage.http;

import dev.selvage.util.UserError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a service listens, and what a client must know.
 *
 * @param host a name or an address of this machine; 0.0.0.0 or :: for all of them
 * @param port 0 for any that is free
 * @param token empty where whoever reaches the address may ask
 */
public record Listen(String host, int port, Optional<String> token) {
  /** The address that only programs on this machine reach. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int TOKEN_BYTES = 16;
  private static final int SHORTEST_TOKEN = 16;

  /**
   * Checks the parts.
   *
   * @throws UserError the port is out of range, the host unknown, or the token too short
   */
  public Listen {
    if (port < 0 || port > 65_535) {
      throw new UserError("port: expected 0 to 65535, found " + port);
    }
    if (token.isPresent()
        && (token.get().length() < SHORTEST_TOKEN
            || !token.get().chars().allMatch(Listen::isTokenCharacter))) {
      throw new UserError(
          "token: expected at least %d letters, digits, - or _, found %d characters"
              .formatted(SHORTEST_TOKEN, token.get().length()));
    }
    if (token.isEmpty() && !address(host).isLoopbackAddress()) {
      throw new IllegalArgumentException("other hosts than this one need a token");
    }
  }

  /** For programs on this machine. */
  public static Listen local(int port) {
    return new Listen(LOOPBACK, port, Optional.empty());
  }

  /**
   * For programs on this machine, or, on other addresses, for those that know a token.
   *
   * @param token the one to ask for; a new one is drawn where it is empty but needed
   * @throws UserError the port is out of range, the host unknown, or the token too short
   */
  public static Listen on(String host, int port, Optional<String> token) {
    return new Listen(
        host,
        port,
        token.isPresent() || address(host).isLoopbackAddress()
            ? token
            : Optional.of(randomToken()));
  }

  InetAddress address() {
    return address(host);
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new UserError(
          "host: expected a name or an address of this machine, found '%s'".formatted(host), e);
    }
  }

  private static boolean isTokenCharacter(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_');
  }

  private static String randomToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
