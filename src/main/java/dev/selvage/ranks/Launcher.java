package dev.selvage.ranks;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has started this process as one of several, known by the environment that it gives them.
 *
 * @param variable the environment variable that shows it
 * @param ranks how many processes it has started; 0 where it does not say
 */
public record Launcher(String variable, int ranks) {
  /** Of Open MPI, of MPICH and others with its process manager, and of PMIx, which Slurm has. */
  private static final List<String> SIZES =
      List.of("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE");

  private static final String PMIX = "PMIX_RANK";

  /** The launcher of this process, if there is one. */
  public static Optional<Launcher> of(Map<String, String> environment) {
    for (String variable : SIZES) {
      String size = environment.getOrDefault(variable, "");
      if (size.matches("\\d{1,6}")) {
        return Optional.of(new Launcher(variable, Integer.parseInt(size)));
      }
    }
    return environment.containsKey(PMIX) ? Optional.of(new Launcher(PMIX, 0)) : Optional.empty();
  }
}
