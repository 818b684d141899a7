package dev.selvage.coco;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of true objects and of detections, as Fashionpedia's files state them: a list
 * "attributes" next to the categories, and "attribute_ids" in each annotation and result.
 */
public final class CocoAttributes {
  private static final String LIST = "attributes";
  private static final String IDS = "attribute_ids";

  /** Place in the list of an attribute by its id. */
  private final Map<Long, Integer> places;

  private final Map<Long, List<BitSet>> truths = new HashMap<>();
  private final Map<Long, List<BitSet>> found = new HashMap<>();

  private CocoAttributes(Map<Long, Integer> places) {
    this.places = places;
  }

  /**
   * Reads the attributes of an annotation file and of results.
   *
   * @return empty where one of the files has none
   * @throws UserError an attribute that is not in the list
   */
  public static Optional<CocoAttributes> read(CocoAnnotations truth, Path results) {
    Map<Long, Integer> places = list(truth.file());
    if (places.isEmpty()) {
      return Optional.empty();
    }
    CocoAttributes attributes = new CocoAttributes(places);
    return attributes.readTruths(truth) && attributes.readResults(results, truth)
        ? Optional.of(attributes)
        : Optional.empty();
  }

  private static Map<Long, Integer> list(Path file) {
    Map<Long, Integer> places = new HashMap<>();
    try (CocoReader reader = CocoReader.ofAnnotations(file)) {
      for (String field = reader.nextField(); field != null; field = reader.nextField()) {
        if (field.equals(LIST)) {
          for (JsonNode entry : reader.value()) {
            if (!(entry instanceof ObjectNode node)) {
              throw new UserError(
                  "%s: expected \"%s\" to be a list of objects, found %s"
                      .formatted(file, LIST, entry));
            }
            places.putIfAbsent(new JsonFields(node).integer("id"), places.size());
          }
        }
      }
    } catch (UserError e) {
      throw e.getMessage().startsWith(file.toString())
          ? e
          : new UserError("%s \"%s\": %s".formatted(file, LIST, e.getMessage()), e);
    }
    return places;
  }

  /** Whether any annotation has attributes. */
  private boolean readTruths(CocoAnnotations truth) {
    Map<Integer, BitSet> byIndex = new HashMap<>();
    boolean any = false;
    try (CocoReader reader = CocoReader.ofAnnotations(truth.file())) {
      for (String field = reader.nextField(); field != null; field = reader.nextField()) {
        if (field.equals(CocoReader.ANNOTATIONS)) {
          for (CocoEntry e = reader.nextEntry(); e != null; e = reader.nextEntry()) {
            any |= e.node().has(IDS);
            byIndex.put(e.index(), ids(truth.file(), e));
          }
        }
      }
    }
    for (CocoImage image : truth.images()) {
      truths.put(image.id(), truth.indices(image).stream().map(byIndex::get).toList());
    }
    return any;
  }

  /** Whether any result has attributes. */
  private boolean readResults(Path file, CocoAnnotations truth) {
    ResultImages images = new ResultImages(truth.images());
    boolean any = false;
    try (CocoReader reader = CocoReader.ofResults(file)) {
      for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
        any |= entry.node().has(IDS);
        found
            .computeIfAbsent(images.of(entry.fields()).id(), id -> new ArrayList<>())
            .add(ids(file, entry));
      }
    }
    return any;
  }

  private BitSet ids(Path file, CocoEntry entry) {
    BitSet set = new BitSet();
    JsonNode ids = entry.node().path(IDS);
    if (!ids.isMissingNode() && !ids.isNull() && !ids.isArray()) {
      throw new UserError(
          "%s %s: expected \"%s\" to be a list of attribute ids, found %s"
              .formatted(file, entry.place(), IDS, ids));
    }
    for (JsonNode id : ids) {
      Integer place = id.isIntegralNumber() ? places.get(id.longValue()) : null;
      if (place == null) {
        throw new UserError(
            "%s %s: expected \"%s\" to be ids of \"%s\", found %s"
                .formatted(file, entry.place(), IDS, LIST, id));
      }
      set.set(place);
    }
    return set;
  }

  /** How many attributes there are. */
  public int count() {
    return places.size();
  }

  /** Those of an image's objects, in the order of {@link CocoAnnotations#instances}. */
  public List<BitSet> truths(CocoImage image) {
    return truths.get(image.id());
  }

  /** Those of an image's detections, in the order of {@link CocoResults#read}. */
  public List<BitSet> found(CocoImage image) {
    return found.getOrDefault(image.id(), List.of());
  }
}
