package dev.selvage.cli.options;

import dev.selvage.data.Dataset;
import dev.selvage.ranks.Alone;
import dev.selvage.ranks.Communicator;
import dev.selvage.ranks.Launcher;
import dev.selvage.ranks.Likeness;
import dev.selvage.ranks.MpiCommunicator;
import dev.selvage.ranks.NcclCommunicator;
import dev.selvage.ranks.Program;
import dev.selvage.run.RunInfo;
import dev.selvage.runtime.Native;
import dev.selvage.util.ContentHash;
import dev.selvage.util.ProcessMemory;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The processes that train one model. */
public final class RankOptions {
  private static final int DEFAULT_TIMEOUT = 600;

  public static final Option RANKS =
      Arguments.value(
          "ranks",
          "N",
          "expect N processes, started by mpirun or another MPI launcher",
          "as many as it has started");

  public static final Option TIMEOUT =
      Arguments.value(
          "rank-timeout",
          "SECONDS",
          "how long a process waits for the others in a step before it gives up",
          DEFAULT_TIMEOUT);

  /** What changes numbers and is not in the settings of rank 0, which all ranks get. */
  private static final List<String> SETTINGS =
      List.of("preset", "set", "seed", "precision", "conv");

  private RankOptions() {}

  /**
   * Joins the processes that an MPI launcher has started with this one; without a launcher there is
   * only this one.
   *
   * @throws UserError there is another number of them than asked for, or MPI cannot be used
   */
  public static Communicator join(CommandLine line) {
    int asked = Arguments.integer(line, "ranks", 0, 1);
    int timeout = Arguments.integer(line, "rank-timeout", DEFAULT_TIMEOUT, 1);
    Optional<Launcher> launcher = Launcher.of(System.getenv());
    if (asked == 0 && launcher.isEmpty()) {
      return new Alone();
    }
    int started = launcher.map(Launcher::ranks).orElse(0);
    if (asked > 0 && started > 0 && asked != started) {
      throw new UserError(
          "option --ranks: expected as many as the launcher has started (%d by %s), found %d"
              .formatted(started, launcher.get().variable(), asked));
    }
    MpiCommunicator ranks = MpiCommunicator.join(Math.max(asked, started), timeout);
    if (ranks.rank() == 0) {
      System.err.printf(
          "selvage: %d ranks under %s, %d of them on this machine%n",
          ranks.size(), ranks.library(), ranks.neighbours());
    }
    return ranks;
  }

  /**
   * Applies the options of {@link DeviceOptions}. Ranks that share processors have equally many
   * compute threads, and each rank of a machine takes another GPU; only rank 0 speaks.
   *
   * @return the ranks, which now exchange gradients where they compute them
   * @throws UserError the ranks would not compute on the same kind of device
   */
  public static Communicator chooseDevice(CommandLine line, Communicator ranks) {
    if (!(ranks instanceof MpiCommunicator mpi)) {
      DeviceOptions.choose(line);
      return ranks;
    }
    ProcessMemory.shareAmong(mpi.neighbours());
    DeviceOptions.choose(
        line,
        Math.max(1, Runtime.getRuntime().availableProcessors() / mpi.sharers()),
        mpi.numberOnMachine(),
        said -> {
          if (ranks.rank() == 0) {
            System.err.println("selvage: " + said);
          }
        });
    Likeness.require(ranks, Map.of("device", Native.deviceHardware().getString()));
    if (ranks.size() == 1 || Native.selectedDevice().getString().equals("cpu")) {
      return ranks;
    }
    if ("auto".equals(line.getOptionValue(DeviceOptions.CONV))) {
      throw new UserError(
          "option --conv: expected builtin or cudnn for a training of several ranks, found 'auto': each rank would choose by its own times, and the weights would depend on them");
    }
    return NcclCommunicator.connect(mpi);
  }

  /**
   * Makes sure that all ranks compute the same.
   *
   * @throws UserError naming the first rank that differs, and in what
   */
  public static void requireAlike(CommandLine line, Communicator ranks, Dataset dataset) {
    if (ranks.size() == 1) {
      return;
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("program", Program.fingerprint());
    facts.put("Java", System.getProperty("java.runtime.version"));
    facts.put(
        "kind of processor",
        Native.cpuFeatures().getString() + ", " + Native.libraryVersions().getString());
    facts.put("settings", settings(line));
    facts.put("dataset", "%d photos, %s".formatted(dataset.size(), RunInfo.fingerprint(dataset)));
    Likeness.require(ranks, facts);
  }

  private static String settings(CommandLine line) {
    StringBuilder all = new StringBuilder();
    for (String name : SETTINGS) {
      if (line.hasOption(name)) {
        all.append(all.isEmpty() ? "--" : " --").append(name).append(' ');
        all.append(String.join(" ", Arrays.asList(line.getOptionValues(name))));
      }
    }
    if (line.hasOption(ConfigOptions.CONFIG)) {
      Path file = Path.of(line.getOptionValue(ConfigOptions.CONFIG));
      all.append(all.isEmpty() ? "" : " ").append("--config ").append(ContentHash.of(file), 0, 8);
    }
    return all.isEmpty() ? "none" : all.toString();
  }
}
