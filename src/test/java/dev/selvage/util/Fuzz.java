package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages a file in many ways and sees that each is read or refused with a sentence. The same seed
 * makes the same damage, and a failure names it.
 */
public final class Fuzz {
  /** More by {@code -Dfuzz.mutations=10000}. */
  public static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 500);

  /**
   * Mutations for one of several files of a reader: fewer than {@link #MUTATIONS}, unless the
   * property asks for a number.
   */
  public static int share(int files) {
    return Integer.getInteger("fuzz.mutations", MUTATIONS / files);
  }

  /** What stands in for a number or a word of a text. */
  private static final String[] WORDS = {
    "-1",
    "0",
    "1",
    "007",
    "1.5",
    "1e999",
    "NaN",
    "2147483648",
    "9223372036854775808",
    "-0",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\u00e9",
    "\uD83D\uDC57",
    "x"
  };

  private Fuzz() {}

  /** Reads a damaged file, and fails where it gives something else than what the file says. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads it.
     *
     * @param bytes of the file
     * @throws UserError for a file that is refused
     */
    void read(byte[] bytes) throws Exception;
  }

  /**
   * Reads mutations of a file, some of which must be refused and some not; the file itself must be
   * read.
   *
   * @param text whether words and numbers of it are exchanged too, and its encoding, line ends,
   *     separators and spellings
   */
  public static void run(String name, byte[] whole, boolean text, int count, Reader reader) {
    int refused =
        FuzzThread.run(
            step -> {
              // classes are loaded now, which is nobody's hang
              assertFalse(isRefused(whole.clone(), reader, name + " as it is"), name + " as it is");
              int sum = 0;
              for (int seed = 0; seed < count; seed++) {
                String what = name + ", seed " + seed;
                step.begin(what);
                Random random = new Random(seed);
                byte[] bytes = damaged(whole, text, random);
                sum += isRefused(bytes, reader, what) ? 1 : 0;
                step.end();
              }
              return sum;
            });
    assertTrue(refused > count / 20, "hardly any mutation of " + name + " was noticed: " + refused);
    assertTrue(refused < count, "every mutation of " + name + " was refused, even of a number");
  }

  /** Reads {@link #MUTATIONS} mutations that are not in a file. */
  public static void run(String name, byte[] whole, boolean text, Reader reader) {
    run(name, whole, text, MUTATIONS, reader);
  }

  /**
   * Reads mutations from the disk; a complaint must begin with the file's name.
   *
   * @param file where they are written
   */
  public static void file(Path file, byte[] whole, boolean text, int count, Reader reader) {
    run(
        file.getFileName().toString(),
        whole,
        text,
        count,
        bytes -> {
          Files.write(file, bytes);
          try {
            reader.read(bytes);
          } catch (UserError e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            throw e;
          }
        });
  }

  /** Reads {@link #MUTATIONS} mutations from the disk. */
  public static void file(Path file, byte[] whole, boolean text, Reader reader) {
    file(file, whole, text, MUTATIONS, reader);
  }

  /** Makes a file out of random numbers. */
  @FunctionalInterface
  public interface Maker {
    byte[] make(Random random) throws Exception;
  }

  /**
   * Reads files from the disk that are not mutations of one; any number may be refused, with a
   * complaint that begins with the file's name.
   *
   * @param file where they are written
   */
  public static void made(Path file, int count, Maker maker, Reader reader) {
    FuzzThread.run(
        step -> {
          for (int seed = 0; seed < count; seed++) {
            String what = file.getFileName() + ", made of seed " + seed;
            byte[] bytes = maker.make(new Random(seed));
            step.begin(what);
            Files.write(file, bytes);
            try {
              reader.read(bytes);
            } catch (UserError e) {
              assertTrue(e.getMessage().startsWith(file.toString()), what + ": " + e.getMessage());
            } catch (Exception | Error e) {
              return fail(what + ": " + e, e);
            }
            step.end();
          }
          return count;
        });
  }

  private static boolean isRefused(byte[] bytes, Reader reader, String what) throws Exception {
    try {
      reader.read(bytes);
      return false;
    } catch (UserError e) {
      assertFalse(e.getMessage().isBlank(), what);
      assertFalse(e.getMessage().contains("\n"), what + ": " + e.getMessage());
      assertTrue(e.getMessage().length() < 2000, what + ": " + e.getMessage());
      return true;
    } catch (Exception | Error e) {
      return fail(what + ": " + e, e);
    }
  }

  private static byte[] damaged(byte[] whole, boolean text, Random random) {
    if (!text) {
      return mutate(whole, random);
    }
    return switch (random.nextInt(6)) {
      case 0, 1 -> mutate(whole, random);
      case 2, 3 -> reworded(whole, random);
      case 4 -> Respelling.of(whole, random);
      default -> reworded(Respelling.of(whole, random), random);
    };
  }

  /** Some bits, bytes or words changed or copied from elsewhere, sometimes the end cut off. */
  public static byte[] mutate(byte[] whole, Random random) {
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

  /** A few stretches of a text left out, doubled, or exchanged for another number or word. */
  static byte[] reworded(byte[] whole, Random random) {
    byte[] bytes = whole;
    for (int i = random.nextInt(3); i >= 0; i--) {
      int from = random.nextInt(bytes.length);
      int to = from;
      if (random.nextBoolean()) { // a whole number or word
        while (from > 0 && isWord(bytes[from - 1])) {
          from--;
        }
        while (to < bytes.length && isWord(bytes[to])) {
          to++;
        }
      } else {
        to = Math.min(bytes.length, from + 1 + random.nextInt(12));
      }
      byte[] middle =
          switch (random.nextInt(4)) {
            case 0 -> new byte[0];
            case 1 -> twice(Arrays.copyOfRange(bytes, from, to));
            default -> WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
          };
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(bytes, 0, from);
      out.writeBytes(middle);
      out.write(bytes, to, bytes.length - to);
      bytes = out.size() == 0 ? whole : out.toByteArray();
    }
    return bytes;
  }

  private static boolean isWord(byte b) {
    return Character.isLetterOrDigit((char) (b & 0x7F)) || b == '_' || b == '.' || b == '-';
  }

  private static byte[] twice(byte[] stretch) {
    byte[] two = Arrays.copyOf(stretch, 2 * stretch.length);
    System.arraycopy(stretch, 0, two, stretch.length, stretch.length);
    return two;
  }
}
