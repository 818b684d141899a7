package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The readers' judge has to notice what it is there for. */
class FuzzTest {
  private static final byte[] WHOLE = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir Path dir;

  @Test
  void noticesAReaderThatDoesNotEnd() {
    AtomicBoolean stop = new AtomicBoolean();
    String said =
        failure(
            bytes -> {
              refuseOdd(bytes);
              while (!Arrays.equals(bytes, WHOLE) && !stop.get()) {
                Thread.onSpinWait();
              }
            });
    stop.set(true);
    assertTrue(said.matches("x, seed \\d+ took more than 2 s"), said);
  }

  @Test
  void noticesACrashAndAWrongResult() {
    String said =
        failure(
            bytes -> {
              refuseOdd(bytes);
              Arrays.fill(bytes, 0, WHOLE.length, (byte) 0);
              assertEquals(WHOLE.length, bytes.length);
            });
    assertTrue(said.startsWith("x, seed ") && said.contains("IndexOutOfBounds"), said);
    said = failure(bytes -> assertEquals(WHOLE[0], bytes.length == 0 ? WHOLE[0] : bytes[0]));
    assertTrue(said.startsWith("x, seed ") && said.contains("expected: <1>"), said);
  }

  @Test
  void noticesAReaderThatTakesOrRefusesAll() {
    String said = failure(bytes -> {});
    assertTrue(said.startsWith("hardly any mutation of x was noticed: 0"), said);
    said =
        failure(
            bytes -> {
              if (!Arrays.equals(bytes, WHOLE)) {
                throw new UserError("other bytes");
              }
            });
    assertTrue(said.contains("every mutation of x was refused"), said);
    said =
        failure(
            bytes -> {
              throw new UserError("no");
            });
    assertTrue(said.contains("x as it is"), said);
  }

  @Test
  void noticesAComplaintThatDoesNotNameTheFile() {
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Fuzz.file(dir.resolve("f"), WHOLE, false, 100, FuzzTest::refuseOdd));
    assertTrue(error.getMessage().contains("an odd byte"), error.getMessage());
  }

  private static void refuseOdd(byte[] bytes) {
    if (bytes.length > 0 && bytes[0] != WHOLE[0]) {
      throw new UserError("an odd byte");
    }
  }

  private static String failure(Fuzz.Reader reader) {
    return assertThrows(AssertionError.class, () -> Fuzz.run("x", WHOLE, false, 100, reader))
        .getMessage();
  }
}
