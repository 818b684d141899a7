package dev.selvage.inspect;

import dev.selvage.UserError;
import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.KaggleRows;
import dev.selvage.data.LabelDescriptions;
import dev.selvage.data.PhotoFiles;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.inspect.Inspection.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks over a folder in Kaggle's layout. */
public final class Inspector {
  /** Bins of the histogram of objects a photo; the last one takes the rest. */
  private static final int MOST_OBJECTS = 40;

  /** By how much suggested anchors must raise the mean best IoU to be worth a word. */
  private static final double WORTH = 0.02;

  private final Path dir;
  private final Config config;
  private final long seed;
  private final Findings findings = new Findings();

  /**
   * Prepares.
   *
   * @param config says how large the model sees the photos, by which anchors, and what is held out
   * @param seed of the split
   */
  public Inspector(Path dir, Config config, long seed) {
    this.dir = dir;
    this.config = config;
    this.seed = seed;
  }

  /** Called before the photos are read and after each of them. */
  public interface Progress {
    void photos(int count);

    void photo();
  }

  /**
   * Looks at everything. Bad rows and photos are findings; only a folder that cannot be read as a
   * dataset at all is an error.
   *
   * @param samples how many photos to choose for drawing
   * @param threads that read photos
   * @throws UserError no such folder, no train.csv, wrong columns or no list of categories
   */
  public Inspection inspect(int samples, int threads, Progress progress) {
    if (!Files.isDirectory(dir)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s".formatted(dir));
    }
    Path labels = dir.resolve("label_descriptions.json");
    List<Category> categories = LabelDescriptions.read(labels);
    SortedMap<Integer, String> attributes = LabelDescriptions.attributes(labels);
    List<Path> files = PhotoFiles.list(dir.resolve("train"), "--data");
    List<Path> drawn = spread(files, samples);
    RowTally tally =
        new RowTally(
            config,
            categories,
            attributes,
            drawn.stream().map(Inspector::name).collect(Collectors.toSet()),
            findings);
    int rows = KaggleRows.read(dir.resolve("train.csv"), dir.resolve("train"), categories, tally);
    tally.judge(categories);
    progress.photos(files.size());
    new PhotoTally(findings).read(files, threads, progress::photo);
    unlabelled(files, tally);
    return inspection(rows, categories, attributes, tally, drawn);
  }

  private void unlabelled(List<Path> files, RowTally tally) {
    Set<String> labelled = new HashSet<>(tally.photoNames());
    for (Path file : files) {
      if (!labelled.contains(name(file))) {
        findings.add(Severity.NOTE, "photos in train/ without a usable row", name(file));
      }
    }
  }

  private Inspection inspection(
      int rows,
      List<Category> categories,
      SortedMap<Integer, String> attributeNames,
      RowTally tally,
      List<Path> drawn) {
    List<Count> classes = new ArrayList<>();
    for (int c = 1; c <= categories.size(); c++) {
      Category category = categories.get(c - 1);
      classes.add(new Count(category.id(), category.name(), tally.classCount(c)));
    }
    List<Count> attributes = new ArrayList<>();
    tally
        .attributeCounts()
        .forEach(
            (id, n) ->
                attributes.add(
                    new Count(id, attributeNames.getOrDefault(id, "attribute " + id), n)));
    float[] heights = tally.boxHeights();
    float[] widths = tally.boxWidths();
    AnchorFit configured =
        AnchorFit.of(config.RPN_ANCHOR_SCALES, config.RPN_ANCHOR_RATIOS, heights, widths);
    return new Inspection(
        dir.toAbsolutePath().normalize().getFileName().toString(),
        rows,
        tally.photoNames().size(),
        tally.objects(),
        findings.list(),
        classes,
        attributes,
        Histogram.logarithmic(tally.longestSides()),
        Histogram.wholeNumbers(tally.objectsPerPhoto(), MOST_OBJECTS),
        Histogram.logarithmic(map(heights, widths, (h, w) -> Math.sqrt(h * w))),
        Histogram.logarithmic(map(heights, widths, (h, w) -> w / h)),
        configured,
        suggestion(configured, heights, widths),
        Sides.of(tally.classes(), categories, config, seed),
        drawn.stream()
            .filter(file -> tally.photoNames().contains(name(file)))
            .map(file -> new Sample(file, tally.size(name(file)), tally.instances(name(file))))
            .toList());
  }

  private static AnchorFit suggestion(AnchorFit configured, float[] heights, float[] widths) {
    if (heights.length == 0) {
      return null;
    }
    AnchorFit suggested =
        AnchorFit.suggest(configured.scales().length, configured.ratios().length, heights, widths);
    return suggested.mean() < configured.mean() + WORTH ? null : suggested;
  }

  private interface Measure {
    double of(double height, double width);
  }

  private static float[] map(float[] heights, float[] widths, Measure measure) {
    float[] values = new float[heights.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) measure.of(heights[i], widths[i]);
    }
    return values;
  }

  private static List<Path> spread(List<Path> files, int count) {
    int n = Math.min(count, files.size());
    return IntStream.range(0, n)
        .mapToObj(i -> files.get((int) ((long) i * files.size() / n)))
        .toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
