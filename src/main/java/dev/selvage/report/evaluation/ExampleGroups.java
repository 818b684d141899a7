package dev.selvage.report.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.Confusion;
import dev.selvage.eval.analysis.Confusion.Cell;
import dev.selvage.eval.analysis.Confusion.Entry;
import dev.selvage.eval.analysis.JudgedPhoto;
import dev.selvage.eval.analysis.ScoreCurve;
import dev.selvage.eval.analysis.Suspect;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.PhotoErrors.Mistake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Chooses the examples of the page: the most telling ones first, a few of each kind. */
final class ExampleGroups {
  private static final int SUSPECTS = 60;
  private static final int HARDEST = 24;
  private static final int EASIEST = 12;
  private static final int ERRORS = 24;
  private static final int CELL = 12;

  /** Names of photos without a picture that a list has at most. */
  private static final int NAMES = 40;

  private final Analysis analysis;
  private final List<JudgedPhoto> photos;
  private final ExamplePhotos examples;

  ExampleGroups(Analysis analysis, ExamplePhotos examples) {
    this.analysis = analysis;
    this.examples = examples;
    photos = analysis.photos();
  }

  /** Adds all lists; those that come first have their photos shown in any case. */
  void addTo(ObjectNode root) {
    suspects(root);
    whole(root.putArray("hardest"), true, HARDEST);
    whole(root.putArray("easiest"), false, EASIEST);
    ObjectNode errors = root.putObject("errorExamples");
    errors(errors.putObject(String.valueOf(ScoreCurve.ALL)), mistake -> true, ERRORS);
    cells(root.putArray("cells"), analysis.confusion());
    for (int c = 1; c <= analysis.categories().size(); c++) {
      int classId = c;
      errors(errors.putObject(String.valueOf(c)), place -> isOf(classId, place), CELL);
    }
  }

  private void suspects(ObjectNode root) {
    List<Suspect> suspects = analysis.suspects();
    root.put("suspectCount", suspects.size());
    ArrayNode list = root.putArray("suspects");
    for (Suspect suspect : suspects.subList(0, Math.min(SUSPECTS, suspects.size()))) {
      ObjectNode node = list.addObject().put("kind", suspect.kind().meaning());
      ArrayNode entries = node.putArray("entry");
      examples.add(entries, suspect.photo(), suspect.truth(), suspect.find());
      if (suspect.truth() < 0) {
        // one of the labelled objects may be the one, badly drawn
        examples.showTruths(suspect.photo());
      }
    }
  }

  private void whole(ArrayNode list, boolean hardest, int most) {
    Comparator<Integer> order = Comparator.comparing(photos::get, JudgedPhoto.HARDEST_FIRST);
    IntStream.range(0, photos.size())
        .filter(p -> !photos.get(p).truths().isEmpty())
        .boxed()
        .sorted(hardest ? order : order.reversed())
        .limit(most)
        .forEach(p -> examples.addWhole(list, p, analysis.matching().score()));
  }

  /** The mistakes of each type about some objects. */
  private void errors(ObjectNode groups, Predicate<Entry> about, int most) {
    Map<ErrorType, List<Entry>> entries = new EnumMap<>(ErrorType.class);
    for (int p = 0; p < photos.size(); p++) {
      for (Mistake mistake : photos.get(p).errors().mistakes()) {
        Entry entry = new Entry(p, mistake.truth(), mistake.detection());
        if (about.test(entry)) {
          entries.computeIfAbsent(mistake.type(), type -> new ArrayList<>()).add(entry);
        }
      }
    }
    entries.forEach(
        (type, list) -> list(groups.putObject(type.key()), list, most, e -> -weight(e)));
  }

  /** Whether the object, or what it was found as, is of a class. */
  private boolean isOf(int classId, Entry entry) {
    JudgedPhoto photo = photos.get(entry.photo());
    return entry.find() >= 0 && photo.found().get(entry.find()).classId() == classId
        || entry.truth() >= 0 && photo.truths().get(entry.truth()).classId() == classId;
  }

  private void cells(ArrayNode list, Confusion confusion) {
    List<Cell> cells = confusion.filled();
    List<ObjectNode> nodes =
        cells.stream()
            .map(cell -> list.addObject().put("truth", cell.truth()).put("find", cell.find()))
            .toList();
    // what is right is the least telling
    IntStream.range(0, cells.size())
        .boxed()
        .sorted(
            Comparator.comparing((Integer i) -> cells.get(i).isRight())
                .thenComparing(i -> -cells.get(i).entries().size()))
        .forEach(
            i ->
                list(
                    nodes.get(i),
                    cells.get(i).entries(),
                    CELL,
                    e -> cells.get(i).isRight() ? weight(e) : -weight(e)));
  }

  /** The score of the detection, or the object's part of the photo. */
  private double weight(Entry entry) {
    return photos.get(entry.photo()).weight(entry.truth(), entry.find());
  }

  /** Fills {count, entries, names}: examples with pictures, then names of photos without. */
  private void list(
      ObjectNode group, List<Entry> entries, int most, ToDoubleFunction<Entry> order) {
    group.put("count", entries.size());
    ArrayNode list = group.putArray("entries");
    ArrayNode names = group.putArray("names");
    List<Entry> sorted = entries.stream().sorted(Comparator.comparingDouble(order)).toList();
    for (Entry entry : sorted) {
      boolean isShown =
          list.size() < most && examples.add(list, entry.photo(), entry.truth(), entry.find());
      if (!isShown && names.size() < NAMES) {
        names.add(photos.get(entry.photo()).name());
      }
      if (list.size() == most && names.size() == NAMES) {
        break;
      }
    }
  }
}
