package dev.selvage.studio.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.config.Augmentation;
import dev.selvage.config.Choice;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.http.HttpFailure;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the studio's pages ask about the dataset. Photos are addressed by their index in the
 * dataset, so that no request names a file.
 */
public final class DataRoutes implements AutoCloseable {
  private static final String JPEG = "image/jpeg";

  /** Photos of one page of the list at most. */
  private static final int MOST_LISTED = 500;

  /** Photos whose outlines are asked for at once at most. */
  private static final int MOST_OUTLINED = 100;

  private static final int SAMPLES = 5;
  private static final int ALL = Integer.MAX_VALUE;

  /** The names of the filters in queries. */
  private static final String[] FILTERS = {
    "classes", "area", "objects", "name", "run", "part", "finding", "order"
  };

  private final OpenedDataset opened;
  private final RunSplits runs;
  private final Config config;
  private final InspectionJob inspection;
  private final PhotoPictures pictures;

  /**
   * Routes about a dataset.
   *
   * @param runs whose splits and settings can be chosen
   */
  public DataRoutes(OpenedDataset opened, RunSplits runs) {
    this.opened = opened;
    this.runs = runs;
    config = ConfigReader.read(ConfigReader.DEFAULT_PRESET, null, List.of());
    inspection = new InspectionJob(opened.data(), opened.images(), config);
    pictures = new PhotoPictures(config.EXIF_ORIENTATION);
  }

  /** The routes, all below {@code /api/data}. */
  public Routes routes() {
    return new Routes()
        .get("/api/data", request -> Response.json(summary()))
        .get("/api/data/photos", request -> Response.json(photos(request)))
        .get("/api/data/outlines", request -> Response.json(outlines(request)))
        .get("/api/data/preview/{photo}/thumbnail", this::preview)
        .get("/api/data/photos/{photo}", request -> Response.json(photo(request)))
        .get("/api/data/photos/{photo}/thumbnail", this::thumbnail)
        .get("/api/data/photos/{photo}/outlines", this::outlinesAtLevel)
        .get("/api/data/photos/{photo}/tiles/{level}/{x}/{y}", this::tile)
        .get("/api/data/photos/{photo}/augmented", this::augmented)
        .post("/api/data/inspection", request -> inspect());
  }

  private ObjectNode summary() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    Optional<String> error = opened.error();
    if (error.isPresent()) {
      return node.put("state", "failed").put("error", error.get());
    }
    if (!opened.isReady()) {
      return node.put("state", "reading").put("photos", opened.preview().size());
    }
    node.put("state", "ready");
    node.setAll(DataJson.dataset(opened.dataset(), opened.table()));
    ArrayNode names = node.putArray("runs");
    runs.of(opened.dataset()).forEach(names::add);
    node.set("inspection", DataJson.inspection(inspection));
    return node;
  }

  private Response inspect() {
    inspection.start(opened.dataset());
    return Response.json(DataJson.inspection(inspection));
  }

  /** A page of the photos that fit; their files alone while the annotations are read. */
  private ObjectNode photos(Request request) {
    List<String> known = new ArrayList<>(Arrays.asList(FILTERS));
    known.addAll(List.of("offset", "limit"));
    request.requireQuery(known.toArray(String[]::new));
    int offset = request.integer("offset", 0, 0, ALL);
    int limit = request.integer("limit", 100, 0, MOST_LISTED);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (!opened.isReady() && opened.error().isEmpty()) {
      return preview(node, offset, limit);
    }
    int[] found = filter(request).photos(opened.dataset(), opened.table());
    node.put("preview", false).put("matches", found.length);
    ArrayNode list = node.putArray("photos");
    for (int i = Math.min(offset, found.length);
        i < Math.min((long) offset + limit, found.length);
        i++) {
      list.add(DataJson.listed(opened.dataset(), opened.table(), found[i]));
    }
    return node;
  }

  private ObjectNode preview(ObjectNode node, int offset, int limit) {
    List<Path> files = opened.preview();
    node.put("preview", true).put("matches", files.size());
    ArrayNode list = node.putArray("photos");
    for (int i = Math.min(offset, files.size());
        i < Math.min((long) offset + limit, files.size());
        i++) {
      list.addObject().put("index", i).put("name", files.get(i).getFileName().toString());
    }
    return node;
  }

  private PhotoFilter filter(Request request) {
    int[] area = range(request, "area");
    int[] objects = range(request, "objects");
    List<BitSet> within = new ArrayList<>();
    String part = request.word("part", "", "train", "valid");
    if (!part.isEmpty()) {
      String run = request.query("run").orElse("");
      within.add(runs.photos(run, part, opened.dataset()));
    }
    int finding = request.integer("finding", -1, -1, ALL);
    List<InspectionJob.Found> findings = inspection.findings();
    if (finding >= findings.size()) {
      throw new HttpFailure(
          400,
          "query: finding: expected a number below %d, found %d"
              .formatted(findings.size(), finding));
    }
    if (finding >= 0) {
      within.add(findings.get(finding).photos());
    }
    String order = request.word("order", "name", "fewest", "most");
    return new PhotoFilter(
        classes(request),
        area[0],
        area[1],
        objects[0],
        objects[1],
        request.query("name").orElse(""),
        within,
        PhotoFilter.Order.valueOf(order.toUpperCase(Locale.ROOT)));
  }

  private List<Integer> classes(Request request) {
    int most = opened.dataset().categories().size();
    return list(request, "classes", 1, most).boxed().toList();
  }

  /** Numbers of a query that are separated by commas. */
  private static IntStream list(Request request, String name, int least, int most) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return IntStream.empty();
    }
    return Arrays.stream(text.split(",", -1)).mapToInt(t -> Request.integer(name, t, least, most));
  }

  /** {@code 3-5}, {@code 3-} or {@code -5}; both ends belong to it. */
  private static int[] range(Request request, String name) {
    String text = request.query(name).orElse("");
    if (text.isEmpty()) {
      return new int[] {0, ALL};
    }
    int at = text.indexOf('-');
    if (at < 0) {
      throw new HttpFailure(
          400,
          "query: %s: expected two numbers with - between them, found '%s'".formatted(name, text));
    }
    String least = text.substring(0, at);
    String most = text.substring(at + 1);
    return new int[] {
      least.isEmpty() ? 0 : Request.integer(name, least, 0, ALL),
      most.isEmpty() ? ALL : Request.integer(name, most, 0, ALL)
    };
  }

  /** A photo with its objects, and its neighbours among those that fit the filters. */
  private ObjectNode photo(Request request) {
    request.requireQuery(FILTERS);
    int photo = index(request);
    ObjectNode node = DataJson.photo(opened.dataset(), photo);
    int[] found = filter(request).photos(opened.dataset(), opened.table());
    int at = IntStream.range(0, found.length).filter(i -> found[i] == photo).findFirst().orElse(-1);
    node.put("place", at).put("matches", found.length);
    node.put("previous", at > 0 ? found[at - 1] : null);
    node.put("next", at >= 0 && at + 1 < found.length ? found[at + 1] : null);
    ArrayNode findings = node.putArray("findings");
    inspection.findings().stream()
        .filter(f -> f.photos().get(photo))
        .forEach(f -> findings.add(f.finding().title()));
    return node;
  }

  private int index(Request request) {
    int size = opened.dataset().size();
    try {
      return Request.integer("photo", request.parameter("photo"), 0, size - 1);
    } catch (HttpFailure e) {
      throw new HttpFailure(404, e.getMessage());
    }
  }

  private Response preview(Request request) {
    List<Path> files = opened.preview();
    int photo = Request.integer("photo", request.parameter("photo"), 0, files.size() - 1);
    return jpeg(pictures.thumbnail(files.get(photo), Optional.empty()));
  }

  private Response thumbnail(Request request) {
    int photo = index(request);
    Dataset dataset = opened.dataset();
    return jpeg(
        pictures.thumbnail(dataset.path(photo), Optional.of(DataJson.size(dataset, photo))));
  }

  private Response tile(Request request) {
    int photo = index(request);
    Dataset dataset = opened.dataset();
    return jpeg(
        pictures.tile(
            dataset.path(photo),
            DataJson.size(dataset, photo),
            Request.integer("level", request.parameter("level"), 0, Byte.MAX_VALUE),
            Request.integer("x", request.parameter("x"), 0, ALL),
            Request.integer("y", request.parameter("y"), 0, ALL)));
  }

  /** A browser may keep it for as long as the page is open and some minutes more. */
  private static Response jpeg(byte[] bytes) {
    return Response.bytes(JPEG, bytes).with("Cache-Control", "private, max-age=600");
  }

  /** The outlines of several photos in the pixels of their thumbnails, by index. */
  private ObjectNode outlines(Request request) {
    request.requireQuery("photos");
    Dataset dataset = opened.dataset();
    int[] photos = list(request, "photos", 0, dataset.size() - 1).toArray();
    if (photos.length > MOST_OUTLINED) {
      throw new HttpFailure(
          400,
          "query: photos: expected at most %d, found %d".formatted(MOST_OUTLINED, photos.length));
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (int photo : photos) {
      ObjectNode one = node.putObject(String.valueOf(photo));
      ArrayNode classes = one.putArray("classes");
      dataset.summaries(photo).forEach(object -> classes.add(object.classId()));
      one.set(
          "paths",
          DataJson.outlines(dataset, photo, PictureSizes.thumbnail(DataJson.size(dataset, photo))));
    }
    return node;
  }

  /** The outlines of one photo in the pixels of a level of its tiles. */
  private Response outlinesAtLevel(Request request) {
    request.requireQuery("level");
    int photo = index(request);
    Dataset dataset = opened.dataset();
    PhotoSize size = DataJson.size(dataset, photo);
    int level = request.integer("level", 0, 0, PictureSizes.levels(size) - 1);
    return Response.json(DataJson.outlines(dataset, photo, PictureSizes.level(size, level)));
  }

  private Response augmented(Request request) {
    request.requireQuery("run", "augmentation", "seed");
    int photo = index(request);
    Dataset dataset = opened.dataset();
    Optional<String> run = request.query("run");
    Config settings = run.map(runs::config).orElse(config);
    String last = settings.augmentation(settings.EPOCHS.size() - 1).word();
    String word = request.query("augmentation").orElse(last);
    Augmentation augmentation =
        Choice.of(Augmentation.class, word)
            .orElseThrow(
                () ->
                    new UserError(
                        "query: augmentation: expected %s, found '%s'"
                            .formatted(String.join(", ", Choice.words(Augmentation.class)), word)));
    int[] donors =
        run.map(name -> runs.split(name, dataset).train())
            .orElseGet(() -> IntStream.range(0, dataset.size()).toArray());
    int seed = request.integer("seed", 1, 0, ALL);
    return jpeg(
        AugmentedSamples.sheet(dataset, photo, donors, settings, augmentation, SAMPLES, seed));
  }

  @Override
  public void close() {
    pictures.close();
  }
}
