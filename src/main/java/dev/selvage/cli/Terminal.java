package dev.selvage.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the output of this process goes. */
final class Terminal {
  private Terminal() {}

  /** Whether a person watches stderr; Java itself tells only of stdin and stdout together. */
  static boolean isStderr() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
