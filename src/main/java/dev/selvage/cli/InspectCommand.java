package dev.selvage.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.config.Augmentation;
import dev.selvage.config.Choice;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.cli.CommandLine;

/** {@code inspect}: checks a dataset and describes it. */
final class InspectCommand implements Command {
  private static final int SAMPLES = 24;
  private static final int SEED = 1;

  /** Examples printed for each finding; the page has more. */
  private static final int EXAMPLES = 3;

  private static final int CLASSES = 10;

  @Override
  public String name() {
    return "inspect";
  }

  @Override
  public String summary() {
    return "check a dataset: errors, class counts, object sizes, and how well anchors fit";
  }

  @Override
  public String usage() {
    return "--data PATH [options]";
  }

  @Override
  public List<String> examples() {
    return List.of("inspect --data data/sample --preset sample --out inspection");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            DatasetOptions.DATA,
            DatasetOptions.IMAGES,
            Arguments.value(
                "seed",
                "N",
                "random seed of the training/validation split, the same as for train, and of"
                    + " --augmented",
                SEED))
        .add(Section.MODEL, ConfigOptions.PRESET, ConfigOptions.CONFIG, ConfigOptions.SET)
        .add(
            Section.DEVICE,
            Arguments.value("threads", "N", "threads that read photos", Arguments.PER_PROCESSOR))
        .add(
            Section.OUTPUT,
            Arguments.value(
                "out",
                "DIR",
                "folder for inspection.html (charts) and contact.jpg (photos with their masks);"
                    + " without it nothing is written"),
            Arguments.value("samples", "N", "photos on contact.jpg; needs --out", SAMPLES),
            Arguments.value(
                "augmented",
                "N",
                "also draw augmented.png: the first N training images, with the boxes and masks that"
                    + " the model gets; needs --out"),
            Arguments.value(
                "augmentation",
                "NAME",
                "augmentation of --augmented: none, flip, standard or strong",
                "that of the last stage"),
            Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Path data = Path.of(Arguments.required(line, "data"));
    Path images = DatasetOptions.images(line);
    Config config = ConfigOptions.read(line, null).config();
    Arguments.requireTogether(line, "samples", "out");
    int samples = Arguments.integer(line, "samples", SAMPLES, 1);
    int threads = Arguments.integer(line, "threads", Runtime.getRuntime().availableProcessors(), 1);
    Path out =
        line.hasOption("out") ? OutputFolder.make(Path.of(line.getOptionValue("out"))) : null;
    Optional<Augmented> augmented = augmented(line, config);
    Inspection inspection =
        inspect(new Inspector(data, images, config, Arguments.seed(line, SEED)), samples, threads);
    if (out != null) {
      write(inspection, config, out);
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

  /** The augmented images that --augmented asks for. */
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
    Arguments.requireTogether(line, "augmentation", "augmented");
    Arguments.requireTogether(line, "augmented", "out");
    if (!line.hasOption("augmented")) {
      return Optional.empty();
    }
    int pictures = Arguments.integer(line, "augmented", 0, 1);
    // images of one batch must have the same size, these need not
    Config single = config.with(Map.of("IMAGES_PER_GPU", 1, "GPU_COUNT", 1));
    return Optional.of(
        new Augmented(single, augmentation(line, config), pictures, Arguments.seed(line, SEED)));
  }

  /** What --augmentation names, else that of the last stage. */
  private static Augmentation augmentation(CommandLine line, Config config) {
    String last = config.augmentation(config.EPOCHS.size() - 1).word();
    String name = line.getOptionValue("augmentation", last);
    return Choice.of(Augmentation.class, name)
        .orElseThrow(
            () ->
                new UserError(
                    "option --augmentation: expected %s, found '%s'"
                        .formatted(String.join(", ", Choice.words(Augmentation.class)), name)));
  }

  private static Inspection inspect(Inspector inspector, int samples, int threads) {
    try (PhotoProgress bar = new PhotoProgress("inspect")) {
      return inspector.inspect(samples, threads, bar);
    }
  }

  private static void write(Inspection inspection, Config config, Path out) {
    Path sheet = out.resolve("contact.jpg");
    List<ContactSheet.Cell> cells =
        inspection.samples().stream()
            .map(s -> new ContactSheet.Cell(s.file(), s.size(), s.instances()))
            .toList();
    ContactSheet.write(
        sheet,
        cells,
        new Photos(
            config.EXIF_ORIENTATION, (file, why) -> {})); // the findings name what is damaged
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
        "%nMost frequent classes: %s%n",
        i.classes().stream()
            .sorted(Comparator.comparingInt(NamedCount::count).reversed())
            .limit(CLASSES)
            .filter(c -> c.count() > 0)
            .map(c -> c.name() + " " + c.count())
            .collect(Collectors.joining("; ")));
    System.out.printf(
        Locale.ROOT,
        "Split: %d training photos, %d validation photos%n"
            + "The share of photos with each class differs from the whole dataset by %.2f percentage"
            + " points on average (in a random split: %.2f)%n%n",
        i.sides().train(),
        i.sides().valid(),
        100 * i.sides().error(),
        100 * i.sides().randomError());
    printAnchors(i.configured(), i.suggested());
  }

  /**
   * How well the anchors fit.
   *
   * @param suggested null if no others fit clearly better
   */
  private static void printAnchors(AnchorFit current, AnchorFit suggested) {
    System.out.println("Anchors: best IoU of each box with any anchor, by shape alone");
    System.out.printf("  %-9s %9s %11s %11s%n", "", "mean IoU", "IoU >= 0.5", "IoU >= 0.7");
    printFit("current", current);
    if (suggested != null) {
      printFit("suggested", suggested);
    }
    System.out.printf("current:   %s%n", current.options());
    if (suggested != null) {
      System.out.printf("suggested: %s%n", suggested.options());
      System.out.println("Anchors that fit better do not always train better: compare both.");
    }
  }

  private static void printFit(String name, AnchorFit fit) {
    System.out.printf(
        Locale.ROOT,
        "  %-9s %9.3f %10.1f%% %10.1f%%%n",
        name,
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
