package dev.selvage.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.augment.Augmentation;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.Photos;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.data.loader.Datasets;
import dev.selvage.inspect.AnchorFit;
import dev.selvage.inspect.Finding;
import dev.selvage.inspect.Inspection;
import dev.selvage.inspect.Inspection.NamedCount;
import dev.selvage.inspect.Inspector;
import dev.selvage.report.AugmentedSheet;
import dev.selvage.report.ContactSheet;
import dev.selvage.report.InspectionPage;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code inspect}: what a dataset holds, and what is wrong with it. */
final class InspectCommand implements Command {
  private static final int SAMPLES = 24;
  private static final int SEED = 1;

  /** Examples of each finding on the terminal; the page has more. */
  private static final int EXAMPLES = 3;

  private static final int CLASSES = 10;

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String summary() {
    return "looks a dataset over: faults by line and photo, classes, sizes, anchors that would fit";
  }

  @Override
  public String usage() {
    return "--data PATH [--out DIR] [options]";
  }

  @Override
  public Options options() {
    return Arguments.with(
        DatasetOptions.DATA,
        DatasetOptions.IMAGES,
        Arguments.value(
            "out",
            "DIR",
            "where inspection.html, a page with plots, and contact.jpg, photos with their masks, go"
                + " (default: nothing is written)"),
        Arguments.value(
            "augmented",
            "N",
            "draws augmented.png into --out as well: the first N pictures that training by these"
                + " settings would see, boxes and masks as the model gets them"),
        Arguments.value(
            "augmentation",
            "NAME",
            "of --augmented: none, flip, seed or strong (default: that of the settings' last stage)"),
        Arguments.value(
            "seed",
            "N",
            "of the split, as train has it, and of --augmented (default " + SEED + ")"),
        Arguments.value("samples", "N", "photos on the contact sheet (default " + SAMPLES + ")"),
        ConfigOptions.PRESET,
        ConfigOptions.CONFIG,
        ConfigOptions.SET,
        Arguments.value("threads", "N", "that read photos (default: one a processor)"),
        Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path images = DatasetOptions.images(line);
    Config config = ConfigOptions.read(line, null).config();
    int samples = Arguments.integer(line, "samples", SAMPLES, 1);
    int threads = Arguments.integer(line, "threads", Runtime.getRuntime().availableProcessors(), 1);
    Path out =
        line.hasOption("out") ? OutputFolder.make(Path.of(line.getOptionValue("out"))) : null;
    Optional<Augmented> augmented = augmented(line, config);
    Inspection inspection =
        inspect(new Inspector(data, images, config, Arguments.seed(line, SEED)), samples, threads);
    if (out != null) {
      write(inspection, out);
      augmented.ifPresent(
          a -> a.draw(Datasets.open(data, images), out.resolve("augmented.png"), threads));
    }
    if (line.hasOption(Arguments.JSON)) {
      Arguments.printJson(json(inspection));
    } else {
      print(inspection);
      if (out != null) {
        System.out.printf("%n%s%n", out.resolve("inspection.html"));
        augmented.ifPresent(a -> System.out.println(out.resolve("augmented.png")));
      }
    }
  }

  /** Pictures that are asked for. */
  private record Augmented(Config config, Augmentation augmentation, int pictures, long seed) {
    void draw(Dataset dataset, Path target, int threads) {
      List<Batch> batches = new ArrayList<>();
      int[] all = IntStream.range(0, dataset.size()).toArray();
      try (BatchLoader loader =
          BatchLoader.training(dataset, all, config, seed, threads, pictures)) {
        loader.startAt(0, augmentation);
        while (batches.size() < pictures) {
          batches.add(loader.next());
        }
        AugmentedSheet.write(target, batches);
      } finally {
        batches.forEach(Batch::close);
      }
    }
  }

  private static Optional<Augmented> augmented(CommandLine line, Config config) {
    if (line.hasOption("augmentation") && !line.hasOption("augmented")) {
      throw new UserError("option --augmentation: expected beside --augmented, found none");
    }
    if (!line.hasOption("augmented")) {
      return Optional.empty();
    }
    if (!line.hasOption("out")) {
      throw new UserError("option --augmented: expected --out to say where to, found none");
    }
    int pictures = Arguments.integer(line, "augmented", 0, 1);
    Augmentation last = Augmentation.of(config, config.EPOCHS.length - 1);
    String name = last.name().toLowerCase(Locale.ROOT);
    name = Arguments.choice(line, "augmentation", name, "none", "flip", "seed", "strong");
    config.IMAGES_PER_GPU = 1; // pictures of one batch must have the same size, these need not
    config.GPU_COUNT = 1;
    return Optional.of(
        new Augmented(config, Augmentation.of(name), pictures, Arguments.seed(line, SEED)));
  }

  private static Inspection inspect(Inspector inspector, int samples, int threads) {
    try (LazyPhotoProgress bar = new LazyPhotoProgress("inspect")) {
      return inspector.inspect(samples, threads, bar);
    }
  }

  private static void write(Inspection inspection, Path out) {
    Path sheet = out.resolve("contact.jpg");
    List<ContactSheet.Cell> cells =
        inspection.samples().stream()
            .map(s -> new ContactSheet.Cell(s.file(), s.size(), s.instances()))
            .toList();
    ContactSheet.write(sheet, cells, new Photos(file -> {})); // the findings name what is damaged
    InspectionPage.write(out.resolve("inspection.html"), inspection, sheet);
  }

  private static void print(Inspection i) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d photos, %d objects, %d annotations%n%n",
        i.dataset(),
        i.photos(),
        i.objects(),
        i.rows());
    for (Finding finding : i.findings()) {
      System.out.printf(
          "%-8s %s: %d%n",
          finding.severity().name().toLowerCase(Locale.ROOT), finding.title(), finding.count());
      List<String> examples = finding.examples();
      examples.stream().limit(EXAMPLES).forEach(e -> System.out.printf("           %s%n", e));
      if (finding.count() > EXAMPLES) {
        System.out.printf("           and %d more%n", finding.count() - EXAMPLES);
      }
    }
    System.out.printf(
        "%nmost objects: %s%n",
        i.classes().stream()
            .sorted(Comparator.comparingInt(NamedCount::count).reversed())
            .limit(CLASSES)
            .filter(c -> c.count() > 0)
            .map(c -> c.name() + " " + c.count())
            .collect(Collectors.joining("; ")));
    System.out.printf(
        Locale.ROOT,
        "split:   %d photos to train on, %d held out; shares of classes differ by %.2f%% on average (split at"
            + " random: %.2f%%)%n",
        i.sides().train(),
        i.sides().valid(),
        100 * i.sides().error(),
        100 * i.sides().randomError());
    System.out.printf("anchors: %s%n", describe(i.configured()));
    if (i.suggested() != null) {
      System.out.printf(
          "closer:  %s (which need not train better: try both)%n", describe(i.suggested()));
    }
  }

  private static String describe(AnchorFit fit) {
    return String.format(
        Locale.ROOT,
        "%s: best IoU %.3f on average, 0.5 or more for %.1f%% of the boxes, 0.7 or more for %.1f%%",
        fit.options(),
        fit.mean(),
        100 * fit.atLeastHalf(),
        100 * fit.atLeastSeven());
  }

  private static ObjectNode json(Inspection inspection) {
    ObjectNode json = new ObjectMapper().valueToTree(inspection);
    json.remove("samples");
    return json;
  }
}
