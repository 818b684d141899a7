package dev.selvage.util;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start Java in a process of its own. */
public final class TestJava {
  /**
   * What costs least in a process of a few seconds: one thread that collects, one compiler, and no
   * second look at bytecode, which the tests' own process has verified.
   */
  private static final List<String> SHORT_LIFE =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  private TestJava() {}

  /** The program, options, and the class path of the tests; the main class and its words follow. */
  public static List<String> command(String... options) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(SHORT_LIFE);
    words.addAll(List.of(options));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return words;
  }
}
