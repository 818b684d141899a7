package dev.selvage.inspect;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.EvenSample;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.loader.Datasets;
import dev.selvage.data.split.Split;
import dev.selvage.inspect.AnnotationSource.Annotations;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.inspect.Inspection.NamedCount;
import dev.selvage.inspect.Inspection.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Inspects a dataset of any layout. */
public final class Inspector {
  /** By how much suggested anchors must raise the mean best IoU to be mentioned. */
  private static final double WORTH = 0.02;

  private final Path data;
  private final Path images;
  private final Config config;
  private final long seed;
  private final Findings findings = new Findings();

  /**
   * Prepares.
   *
   * @param data a folder in Kaggle's layout, one with annotations/instances_NAME.json, or such a
   *     file
   * @param images the photos of a COCO file; null looks for them
   * @param config says how large the model sees the photos, by which anchors, and what is held out
   * @param seed of the split
   */
  public Inspector(Path data, Path images, Config config, long seed) {
    this.data = data;
    this.images = images;
    this.config = config;
    this.seed = seed;
  }

  /** Called before the photos are read and after each of them. */
  public interface Progress {
    void photos(int count);

    void photo();
  }

  /**
   * Inspects everything. Bad annotations and photos are findings; only what cannot be read as a
   * dataset at all is an error.
   *
   * @param samples how many photos to choose for drawing
   * @param threads that read photos
   * @throws dev.selvage.util.UserError no such dataset, no annotations, or no list of categories
   */
  public Inspection inspect(int samples, int threads, Progress progress) {
    AnnotationSource source =
        Datasets.coco(data, images)
            .<AnnotationSource>map(json -> new CocoSource(json, images, findings))
            .orElseGet(() -> KaggleSource.open(data));
    ObjectStatistics statistics =
        new ObjectStatistics(config, source.categories(), source.attributes(), findings);
    Annotations annotations = source.read(statistics, findings);
    Dataset dataset = annotations.dataset();
    Map<Path, PhotoSize> used = new HashMap<>();
    Map<Path, String> names = new HashMap<>();
    for (int i = 0; i < dataset.size(); i++) {
      PhotoSize size = new PhotoSize(dataset.height(i), dataset.width(i));
      statistics.photo(dataset.fileName(i), size);
      used.put(dataset.path(i), size);
      names.put(dataset.path(i), dataset.fileName(i));
    }
    statistics.judge(source.categories());
    progress.photos(source.photos().size());
    new PhotoStatistics(
            findings,
            photo -> Optional.ofNullable(used.get(photo)),
            photo -> names.getOrDefault(photo, photo.getFileName().toString()),
            config.EXIF_ORIENTATION)
        .read(source.photos(), threads, progress::photo);
    for (Path photo : source.photos()) {
      if (!used.containsKey(photo)) {
        findings.add(Severity.NOTE, source.unused(), photo.getFileName().toString());
      }
    }
    return inspection(source, annotations, statistics, samples);
  }

  private Inspection inspection(
      AnnotationSource source, Annotations annotations, ObjectStatistics statistics, int samples) {
    Dataset dataset = annotations.dataset();
    List<NamedCount> classes = new ArrayList<>();
    for (int c = 1; c <= source.categories().size(); c++) {
      Category category = source.categories().get(c - 1);
      classes.add(new NamedCount(category.id(), category.name(), statistics.classCount(c)));
    }
    List<NamedCount> attributes = new ArrayList<>();
    statistics
        .attributeCounts()
        .forEach(
            (id, n) ->
                attributes.add(
                    new NamedCount(
                        id, source.attributes().getOrDefault(id, "attribute " + id), n)));
    float[] heights = statistics.boxHeights();
    float[] widths = statistics.boxWidths();
    AnchorFit configured =
        AnchorFit.of(
            config.RPN_ANCHOR_SCALES.toArray(),
            config.RPN_ANCHOR_RATIOS.toArray(),
            heights,
            widths);
    return new Inspection(
        dataset.name(),
        annotations.count(),
        dataset.size(),
        statistics.objects(),
        findings.list(),
        classes,
        attributes,
        Histogram.logarithmic(statistics.longestSides()),
        Histogram.wholeNumbers(statistics.objectsPerPhoto(), SplitComparison.MOST_OBJECTS),
        Histogram.logarithmic(map(heights, widths, (h, w) -> Math.sqrt(h * w))),
        Histogram.logarithmic(map(heights, widths, (h, w) -> w / h)),
        configured,
        suggestion(configured, heights, widths),
        SplitComparison.of(Split.of(dataset, config, seed), dataset, config, seed),
        samples(dataset, samples));
  }

  private static List<Sample> samples(Dataset dataset, int count) {
    int[] all = IntStream.range(0, dataset.size()).toArray();
    return Arrays.stream(EvenSample.of(all, count))
        .mapToObj(
            i ->
                new Sample(
                    dataset.path(i),
                    new PhotoSize(dataset.height(i), dataset.width(i)),
                    dataset.instances(i).stream()
                        .filter(instance -> instance.mask().area() > 0)
                        .toList()))
        .toList();
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
}
