package dev.selvage.cli;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.resize.InPlace;
import dev.selvage.resize.Resizer;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code resize}: a dataset made smaller, masks and all. */
final class ResizeCommand implements Command {
  private static final int SIDE = 512;

  /** Lines of the skip list on the terminal; the file has all. */
  private static final int SHOWN = 20;

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public String summary() {
    return "makes a dataset's photos and masks smaller once, so that training need not do it each time";
  }

  @Override
  public String usage() {
    return "--data PATH (--out DIR | --in-place) [options]";
  }

  @Override
  public Options options() {
    return Arguments.with(
        DatasetOptions.DATA,
        DatasetOptions.IMAGES,
        Arguments.value(
            "out",
            "DIR",
            "where the smaller dataset goes; the same command goes on where it was interrupted"),
        Arguments.flag(
            "in-place",
            "replaces the dataset's own photos and train.csv, once the smaller ones are complete (Kaggle's"
                + " layout only)"),
        Arguments.value(
            "side",
            "PIXELS",
            "of the longest side (default " + SIDE + "); smaller photos stay as they are"),
        Arguments.value("threads", "N", "that read and write photos (default: one a processor)"),
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path images = DatasetOptions.images(line);
    int side = Arguments.integer(line, "side", SIDE, 1);
    int threads = Arguments.integer(line, "threads", Runtime.getRuntime().availableProcessors(), 1);
    boolean inPlace = line.hasOption("in-place");
    if (inPlace == line.hasOption("out")) {
      throw new UserError(
          "option --out: expected either --out DIR or --in-place, found "
              + (inPlace ? "both" : "neither"));
    }
    Path out = inPlace ? data : Path.of(line.getOptionValue("out"));
    if (!inPlace && same(out, data)) {
      throw new UserError(
          "option --out: expected another folder than --data, found the same; --in-place replaces a dataset");
    }
    Resizer.Summary summary;
    try (LazyPhotoProgress bar = new LazyPhotoProgress("resize")) {
      summary =
          inPlace
              ? InPlace.run(data, side, threads, bar)
              : new Resizer(data, images, out, side, threads).run(bar);
    }
    report(line, out, summary);
  }

  private static boolean same(Path a, Path b) {
    return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
  }

  private static void report(CommandLine line, Path out, Resizer.Summary summary) {
    if (line.hasOption(Arguments.JSON)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("out", out.toString());
      json.put("photos", summary == null ? null : summary.photos());
      json.put("annotations", summary == null ? null : summary.annotations());
      json.put("skipped", summary == null ? null : summary.skipped());
      Arguments.printJson(json);
      return;
    }
    if (summary == null) {
      System.out.printf("%s: the replacing that was interrupted is complete%n", out);
      return;
    }
    System.out.printf(
        "%s: %d photos, %d annotations%n", out, summary.photos(), summary.annotations());
    List<String> skipped = summary.skipped();
    if (!skipped.isEmpty()) {
      System.out.printf(
          "%d skipped or damaged, listed in %s:%n", skipped.size(), out.resolve("skipped.txt"));
      skipped.stream().limit(SHOWN).forEach(s -> System.out.println("  " + s));
      if (skipped.size() > SHOWN) {
        System.out.printf("  and %d more%n", skipped.size() - SHOWN);
      }
    }
  }
}
