package dev.selvage.util;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start Java in a process of its own: with the fat jar, as users do. */
public final class TestJava {
  /**
   * What costs least in a process of a few seconds: one thread that collects, one compiler, no
   * second look at bytecode, which the tests' own process has verified, and no word on stdout about
   * an archive that is not used.
   */
  private static final List<String> SHORT_LIFE =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote",
          "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off");

  private static final String PROGRAM =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String MAIN = "dev.selvage.cli.Main";

  private static final String JAR = System.getProperty("fat.jar");

  private TestJava() {}

  /**
   * Words that start Selvage; its command follows. By {@code -jar}, since Open MPI's launcher adds
   * to a class path, which then is not the archive's.
   */
  public static List<String> selvage(String... options) {
    List<String> words = java(options);
    words.addAll(JAR == null ? List.of("-cp", classPath(), MAIN) : List.of("-jar", JAR));
    return words;
  }

  /** Words that start a main class of the tests; the class and its words follow. */
  public static List<String> command(String... options) {
    List<String> words = java(options);
    words.addAll(List.of("-cp", classPath()));
    return words;
  }

  /** The beginning of a shell's line that starts Selvage; its command follows. */
  public static String line(String options) {
    return "\"%s\" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 %s -cp \"%s\" %s"
        .formatted(PROGRAM, options, classPath(), MAIN);
  }

  private static List<String> java(String... options) {
    List<String> words = new ArrayList<>();
    words.add(PROGRAM);
    words.addAll(SHORT_LIFE);
    if (JAR != null) {
      ClassArchive.of(Path.of(JAR), words)
          .ifPresent(archive -> words.add("-XX:SharedArchiveFile=" + archive));
    }
    words.addAll(List.of(options));
    return words;
  }

  /**
   * The fat jar and the tests' own classes. A start takes a quarter less than with the class path
   * of the tests, whose 70 jars are searched for each native library. That class path where Maven
   * has made no jar, as in an IDE.
   */
  private static String classPath() {
    return JAR == null
        ? System.getProperty("java.class.path")
        : JAR + File.pathSeparator + folderOfTests();
  }

  private static Path folderOfTests() {
    try {
      return Path.of(TestJava.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
