package dev.selvage.weights;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.selvage.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/** Damages a weight file in many ways and sees that each is read or refused with a sentence. */
final class Fuzz {
  /** More by {@code -Dfuzz.mutations=10000}. */
  static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 2000);

  /** Far more than any of these small files takes, so that a slow machine does not fail it. */
  private static final Duration HANG = Duration.ofSeconds(20);

  private Fuzz() {}

  /** Reads {@code count} mutations of a file; {@code scratch} is where they are written. */
  static void inspect(Path original, Path scratch, int count) throws IOException {
    byte[] whole = Files.readAllBytes(original);
    int refused = 0;
    for (int seed = 0; seed < count; seed++) {
      Files.write(scratch, mutate(whole, new Random(seed)));
      refused += isRefused(scratch, original + ", seed " + seed) ? 1 : 0;
    }
    assertTrue(refused > count / 20, "hardly any mutation of " + original + " was noticed");
    assertTrue(refused < count, "every mutation of " + original + " was refused, even of a number");
  }

  private static boolean isRefused(Path file, String what) {
    return assertTimeoutPreemptively(
        HANG,
        () -> {
          try {
            WeightFiles.inspect(file);
            return false;
          } catch (UserError e) {
            assertTrue(e.getMessage().startsWith(file + ": "), what + ": " + e.getMessage());
            assertFalse(e.getMessage().contains("\n"), what + ": " + e.getMessage());
            return true;
          } catch (RuntimeException | Error e) {
            return fail(what, e);
          }
        },
        what);
  }

  /** Some bits, bytes or words changed or copied from elsewhere, sometimes the end cut off. */
  private static byte[] mutate(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = random.nextInt(6); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      int word = Math.min(1 << random.nextInt(4), bytes.length - at);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bytes, at, at + word, (byte) 0xFF);
        case 3 -> Arrays.fill(bytes, at, at + word, (byte) 0);
        default ->
            System.arraycopy(whole, random.nextInt(whole.length - word + 1), bytes, at, word);
      }
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
