package dev.selvage.cli.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.options.Arguments;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/**
 * {@code bench scale} for several numbers of ranks, one after the other: each is a start of {@code
 * mpirun} with this command and the other options.
 */
final class ScaleSeries {
  private static final String RANKS = "ranks";
  private static final String NUMBERS = "[1-9]\\d{0,3}(,[1-9]\\d{0,3})*";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ScaleSeries() {}

  /**
   * The numbers of {@code --ranks}.
   *
   * @throws UserError they are no list of numbers
   */
  static List<Integer> counts(String text) {
    if (!text.matches(NUMBERS)) {
      throw new UserError(
          "option --ranks: expected numbers of ranks such as 1,2,4, found '%s'".formatted(text));
    }
    return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  /** Measures and prints. */
  static void run(CommandLine line, List<Integer> counts) {
    List<Map<String, Double>> all = new ArrayList<>();
    for (int count : counts) {
      all.add(measure(line, count));
    }
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(all);
    } else {
      print(all);
    }
  }

  private static void print(List<Map<String, Double>> all) {
    Optional<Double> single =
        all.stream().filter(of -> of.get(RANKS) == 1).map(of -> of.get("images/s")).findFirst();
    System.out.printf(
        "%5s %10s %10s %12s %12s %12s %10s%n",
        RANKS, "step ms", "images/s", "of so many", "gradients MB", "exchange ms", "hidden");
    for (Map<String, Double> of : all) {
      double rate = of.get("images/s");
      String share =
          single.map(one -> "%.0f%%".formatted(100 * rate / (one * of.get(RANKS)))).orElse("");
      System.out.printf(
          "%5.0f %10.1f %10.2f %12s %12.1f %12.1f %9.0f%%%n",
          of.get(RANKS),
          of.get("step ms"),
          rate,
          share,
          of.get("gradients MB"),
          of.get("exchange ms"),
          of.get("exchange hidden %"));
    }
  }

  private static Map<String, Double> measure(CommandLine line, int count) {
    List<String> words = command(line, count);
    try {
      Process process =
          new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String found =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new UserError(
            "option --ranks: expected %d processes to end without an error, found exit code %d of %s"
                .formatted(count, code, words.get(0)));
      }
      return JSON.readValue(found, new TypeReference<>() {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while processes are measured", e);
    } catch (IOException e) {
      throw new UserError(
          "option --ranks: expected mpirun to start %d processes, found that it cannot be run (%s)"
              .formatted(count, e.getMessage()),
          e);
    }
  }

  private static List<String> command(CommandLine line, int count) {
    List<String> words = new ArrayList<>();
    if (count > 1) {
      words.addAll(List.of("mpirun", "-np", Integer.toString(count)));
      int processors = Runtime.getRuntime().availableProcessors() / count;
      words.addAll(
          processors > 0
              ? List.of("--use-hwthread-cpus", "--map-by", "slot:PE=" + processors)
              : List.of("--bind-to", "none", "--oversubscribe"));
    }
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(
        List.of("dev.selvage.cli.Main", "bench", "scale", "--" + Arguments.JSON.getLongOpt()));
    for (Option option : line.getOptions()) {
      if (!option.getLongOpt().equals(RANKS) && !option.getLongOpt().equals("json")) {
        words.add("--" + option.getLongOpt());
        words.addAll(option.getValuesList());
      }
    }
    return words;
  }
}
