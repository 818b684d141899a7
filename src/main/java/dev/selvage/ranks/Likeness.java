package dev.selvage.ranks;

import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes sure that all ranks compute the same: what differs would change numbers in silence. */
public final class Likeness {
  private Likeness() {}

  /**
   * Compares every rank with rank 0.
   *
   * @param facts what must be the same, by what it is called: the same names on all ranks
   * @throws UserError naming the first rank and fact that differ, on all ranks alike
   */
  public static void require(Communicator ranks, Map<String, String> facts) {
    List<String> lines = new ArrayList<>();
    facts.forEach((name, value) -> lines.add(name + "\n" + value.replace('\n', ' ')));
    byte[] mine = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    List<String[]> all =
        ranks.gather(mine).stream()
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8).split("\n", -1))
            .toList();
    String[] first = all.get(0);
    for (int rank = 1; rank < all.size(); rank++) {
      for (int i = 0; i < first.length; i += 2) {
        String found =
            all.get(rank).length == first.length ? all.get(rank)[i + 1] : "another program";
        if (!first[i + 1].equals(found)) {
          throw new UserError(
              "rank %d: expected the same %s as rank 0 (%s), found %s"
                  .formatted(rank, first[i], first[i + 1], found));
        }
      }
    }
  }
}
