package dev.selvage.train.listener;

import dev.selvage.model.Losses;
import dev.selvage.train.EpochReport;
import dev.selvage.train.TrainingListener;
import dev.selvage.util.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Writes log.csv: one row for each epoch. */
public final class EpochLog implements TrainingListener {
  private static final String HEADER =
      Stream.of(
              Stream.of("epoch", "lr"),
              Losses.NAMES.stream(),
              Losses.NAMES.stream().map(name -> "val_" + name),
              EpochReport.SCORES.stream(),
              Stream.of("images_per_second", "loader_stall", "seconds", "memory_mib"))
          .flatMap(names -> names)
          .collect(Collectors.joining(","));

  private final Path file;

  public EpochLog(Path file) {
    this.file = file;
  }

  /** Begins the log, or drops the rows of later epochs and a row that was only half written. */
  @Override
  public void trainingBegan(int epochs) {
    try {
      // one byte per character, since a damaged file may contain any
      List<String> lines =
          Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
      String kept = kept(lines, epochs);
      AtomicFile.write(file, StandardCharsets.ISO_8859_1.encode(kept));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
  }

  /**
   * What a log holds when training goes on.
   *
   * @param lines of the log so far
   * @param lastEpoch the last complete one
   */
  static String kept(List<String> lines, int lastEpoch) {
    List<String> names = lines.isEmpty() ? List.of() : List.of(lines.get(0).split(",", -1));
    return lines.stream()
        .filter(line -> names.get(0).equals("epoch") && line.matches("\\d{1,9},.*"))
        .filter(line -> fields(line) == names.size())
        .filter(line -> Integer.parseInt(line.split(",", 2)[0]) <= lastEpoch)
        .map(line -> underHeader(names, line.split(",", -1)))
        .collect(Collectors.joining("", HEADER + "\n", ""));
  }

  @Override
  public void epochDone(EpochReport report) {
    DoubleStream validation =
        Losses.NAMES.stream().mapToDouble(n -> report.validation().getOrDefault(n, Double.NaN));
    String line =
        Stream.of(
                Stream.of(Integer.toString(report.epoch())),
                Stream.of(number(report.rate())),
                report.training().values().stream().map(EpochLog::number),
                validation.mapToObj(EpochLog::number),
                EpochReport.SCORES.stream()
                    .map(n -> number(report.scores().getOrDefault(n, Double.NaN))),
                Stream.of(
                    rounded(report.imagesPerSecond()),
                    rounded(report.stallShare()),
                    rounded(report.seconds()),
                    rounded(report.memoryMib())))
            .flatMap(values -> values)
            .collect(Collectors.joining(",", "", "\n"));
    AtomicFile.append(file, StandardCharsets.UTF_8.encode(line));
  }

  /** The values where this header has them, since an older log may have fewer columns. */
  private static String underHeader(List<String> names, String[] values) {
    return Stream.of(HEADER.split(","))
        .map(name -> names.contains(name) ? values[names.indexOf(name)] : "")
        .collect(Collectors.joining(",", "", "\n"));
  }

  private static int fields(String line) {
    return line.split(",", -1).length;
  }

  /** Empty where there is no value. */
  private static String number(double value) {
    return Double.isNaN(value) ? "" : Float.toString((float) value);
  }

  private static String rounded(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4g", value);
  }
}
