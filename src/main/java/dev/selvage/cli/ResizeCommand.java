package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.config.Choice;
import dev.selvage.config.ExifMode;
import dev.selvage.resize.InPlace;
import dev.selvage.resize.Resizer;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code resize}: makes photos and masks of a dataset smaller. */
final class ResizeCommand implements Command {
  private static final int SIDE = 512;

  /** Skipped photos and annotations to print; skipped.txt lists all. */
  private static final int SHOWN = 20;

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public String summary() {
    return "make a smaller copy of a dataset, for faster loading";
  }

  @Override
  public String usage() {
    return "--data PATH (--out DIR | --in-place) [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("resize --data DIR --out DIR512", "resize --data DIR --in-place --side 1024");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            DatasetOptions.DATA,
            DatasetOptions.IMAGES,
            Arguments.value(
                "side",
                "PIXELS",
                "longest side of the photos; smaller ones stay as they are",
                SIDE),
            Arguments.value(
                "exif",
                "MODE",
                "apply: turn photos as their EXIF says where the size in the annotations does not"
                    + " tell; ignore: take these as stored",
                ExifMode.APPLY.word()))
        .add(
            Section.DEVICE,
            Arguments.value(
                "threads", "N", "threads that read and write photos", Arguments.PER_PROCESSOR))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "out",
                "DIR",
                "folder for the smaller dataset; after an interruption the same command continues"),
            Arguments.flag(
                "in-place",
                "replace the photos and train.csv of the dataset itself, once all smaller ones are"
                    + " written (only Kaggle's layout)"),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path images = DatasetOptions.images(line);
    int side = Arguments.integer(line, "side", SIDE, 1);
    int threads = Arguments.integer(line, "threads", Runtime.getRuntime().availableProcessors(), 1);
    ExifMode mode = exif(line);
    boolean inPlace = line.hasOption("in-place");
    if (inPlace && images != null) {
      throw new UserError(
          "option --images: expected none with --in-place, which replaces a dataset in Kaggle's layout, found "
              + images);
    }
    if (inPlace == line.hasOption("out")) {
      throw new UserError(
          "option --out: expected either --out DIR or --in-place, found "
              + (inPlace ? "both" : "neither"));
    }
    Path out = inPlace ? data : Path.of(line.getOptionValue("out"));
    if (!inPlace && same(out, data)) {
      throw new UserError(
          "option --out: expected a folder other than --data, found the same; use --in-place to replace a dataset");
    }
    Resizer.Summary summary;
    try (PhotoProgress bar = new PhotoProgress("resize")) {
      summary =
          inPlace
              ? InPlace.run(data, side, mode, threads, bar)
              : new Resizer(data, images, out, side, mode, threads).run(bar);
    }
    report(line, out, summary);
  }

  private static ExifMode exif(CommandLine line) {
    String[] words = Choice.words(ExifMode.class).toArray(String[]::new);
    return Choice.of(ExifMode.class, Arguments.choice(line, "exif", words[0], words)).orElseThrow();
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
      System.out.printf("%s: finished the interrupted replacement%n", out);
      return;
    }
    System.out.printf(
        "%s: %d photos, %d annotations%n", out, summary.photos(), summary.annotations());
    summary.orientations().ifPresent(System.out::println);
    List<String> skipped = summary.skipped();
    if (!skipped.isEmpty()) {
      System.out.printf(
          "%d photos and annotations skipped or damaged (all listed in %s):%n",
          skipped.size(), out.resolve("skipped.txt"));
      skipped.stream().limit(SHOWN).forEach(s -> System.out.printf("  %s%n", s));
      if (skipped.size() > SHOWN) {
        System.out.printf("  and %d more%n", skipped.size() - SHOWN);
      }
    }
  }
}
