package dev.selvage.data.split;

import dev.selvage.data.Dataset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.IntStream;

/**
 * A split in a short text, so that it can lie in a weight file: one bit per photo instead of its
 * name. A hash of the names tells whether a dataset has the same photos.
 *
 * @param names SHA-256 of the photos' names in ascending order, in hexadecimal digits
 * @param valid whether each photo is held out, in the order of the names: bits, the lowest of a
 *     byte first, in Base64
 */
public record SplitCode(String names, String valid) {
  /** The code of a dataset's split. */
  public static SplitCode of(Split split, Dataset dataset) {
    int[] order = order(dataset);
    BitSet held = new BitSet();
    IntStream.of(split.valid()).forEach(held::set);
    BitSet inOrder = new BitSet();
    IntStream.range(0, order.length).filter(i -> held.get(order[i])).forEach(inOrder::set);
    return new SplitCode(
        hash(dataset, order), Base64.getEncoder().encodeToString(inOrder.toByteArray()));
  }

  /** Whether a dataset has the photos that were split, all of them and no other. */
  public boolean isFor(Dataset dataset) {
    return names.equals(hash(dataset, order(dataset)));
  }

  /**
   * The split of a dataset with these photos, in any order.
   *
   * @throws IllegalArgumentException the text is damaged
   */
  public Split of(Dataset dataset) {
    int[] order = order(dataset);
    BitSet inOrder = BitSet.valueOf(Base64.getDecoder().decode(valid));
    if (inOrder.length() > order.length) {
      throw new IllegalArgumentException("a split of more photos");
    }
    BitSet held = new BitSet();
    inOrder.stream().forEach(i -> held.set(order[i]));
    return new Split(
        IntStream.range(0, order.length).filter(i -> !held.get(i)).toArray(),
        held.stream().toArray());
  }

  private static int[] order(Dataset dataset) {
    return IntStream.range(0, dataset.size())
        .boxed()
        .sorted(Comparator.comparing(dataset::fileName))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static String hash(Dataset dataset, int[] order) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (int imageIndex : order) {
        sha.update((dataset.fileName(imageIndex) + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
