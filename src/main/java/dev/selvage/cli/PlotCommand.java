package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.report.CurvePlot;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunLog;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code plot}: draws the curves of runs, one over the other. */
final class PlotCommand implements Command {
  private static final String DEFAULT_OUT = "curves.png";

  /** Columns about speed and memory, which are not drawn. */
  private static final List<String> LEFT_OUT =
      List.of("images_per_second", "loader_stall", "seconds", "memory_mib");

  @Override
  public String name() {
    return "plot";
  }

  @Override
  public String summary() {
    return "plot training and validation curves of one or more runs";
  }

  @Override
  public String usage() {
    return "RUN... [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("plot last", "plot runs/a runs/b --out curves.svg");
  }

  @Override
  public int leastArguments() {
    return 1;
  }

  @Override
  public int mostArguments() {
    return Integer.MAX_VALUE;
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.RUN, RunOptions.RUNS)
        .add(
            Section.OUTPUT,
            Arguments.value("out", "FILE", "picture to write: FILE.png or FILE.svg", DEFAULT_OUT));
  }

  @Override
  public void run(CommandLine line) {
    Path out = Path.of(line.getOptionValue("out", DEFAULT_OUT));
    if (!out.toString().matches(".*[^/]\\.(png|svg)")) {
      throw new UserError(
          "option --out: expected a file that ends in .png or .svg, found '%s'".formatted(out));
    }
    RunOptions.requireUse(line, line.getArgList().contains("last"), "the argument last");
    Map<String, Path> logs = new LinkedHashMap<>();
    for (String argument : line.getArgList()) {
      Path log = log(line, argument);
      String name = log.toAbsolutePath().normalize().getParent().getFileName().toString();
      // of two runs with the same name, the second one is named by its path
      logs.put(logs.containsKey(name) ? log.getParent().toString() : name, log);
    }
    List<CurvePlot.Run> runs = new ArrayList<>();
    logs.forEach((name, log) -> runs.add(curves(name, RunLog.read(log))));
    new CurvePlot(runs, List.of("lr")).write(out);
    System.out.printf(
        "%s: %d run%s, epochs %s%n",
        out,
        runs.size(),
        runs.size() == 1 ? "" : "s",
        String.join(", ", runs.stream().map(r -> String.valueOf(r.epochs().length)).toList()));
  }

  /** The log of an argument, which is a run's folder, {@code last}, or the log itself. */
  private static Path log(CommandLine line, String argument) {
    Path path = Path.of(argument);
    if (Files.isDirectory(path)) {
      return path.resolve("log.csv");
    }
    if (Files.isRegularFile(path)) {
      return path;
    }
    if (argument.equals("last")) {
      return RunFolder.last(RunOptions.folder(line), null)
          .map(RunFolder::log)
          .orElseThrow(
              () ->
                  new UserError(
                      "plot last: expected a run in %s, found none"
                          .formatted(RunOptions.folder(line))));
    }
    throw new UserError(
        "plot: expected the folder of a run, its log.csv or last, found nothing at '%s'"
            .formatted(argument));
  }

  private static CurvePlot.Run curves(String name, RunLog log) {
    Map<String, double[]> columns = new LinkedHashMap<>(log.columns());
    columns.keySet().removeAll(LEFT_OUT);
    return new CurvePlot.Run(name, log.epochs(), columns);
  }
}
