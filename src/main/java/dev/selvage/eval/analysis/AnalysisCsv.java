package dev.selvage.eval.analysis;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.selvage.data.Box;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.eval.IouType;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.eval.tide.TideErrors;
import dev.selvage.util.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An analysis as tables for a spreadsheet. Where a number does not exist, the cell is empty. */
public final class AnalysisCsv {
  private static final String BACKGROUND = "(background)";

  private AnalysisCsv() {}

  /**
   * Writes classes.csv, errors.csv, confusion.csv, curves.csv, slices.csv, calibration.csv,
   * photos.csv and suspects.csv.
   *
   * @throws dev.selvage.util.UserError one cannot be written
   */
  public static void write(Path folder, Analysis analysis, CocoScores scores) {
    write(folder.resolve("classes.csv"), csv -> classes(csv, analysis, scores));
    write(folder.resolve("errors.csv"), csv -> errors(csv, analysis));
    write(folder.resolve("confusion.csv"), csv -> confusion(csv, analysis));
    write(folder.resolve("curves.csv"), csv -> curves(csv, analysis));
    write(folder.resolve("slices.csv"), csv -> slices(csv, analysis, scores));
    write(folder.resolve("calibration.csv"), csv -> calibration(csv, analysis));
    write(folder.resolve("photos.csv"), csv -> photos(csv, analysis));
    write(folder.resolve("suspects.csv"), csv -> suspects(csv, analysis));
  }

  private static void write(Path file, Consumer<CsvWriter> table) {
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      table.accept(csv);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AtomicFile.write(file, text.toString());
  }

  private static void classes(CsvWriter csv, Analysis analysis, CocoScores scores) {
    csv.writeRecord(
        "category_id",
        "category",
        "objects",
        "box_ap",
        "box_ap50",
        "mask_ap",
        "mask_ap50",
        "best_score",
        "best_f1",
        "precision",
        "recall");
    Map<Integer, ScoreCurve> curves = analysis.curves();
    for (int c = 1; c <= analysis.categories().size(); c++) {
      int id = analysis.categories().get(c - 1).id();
      CategoryScore box = of(scores.bbox().categories(), id);
      CategoryScore mask = scores.segm() == null ? null : of(scores.segm().categories(), id);
      ScoreCurve.Point best = curves.get(c).best();
      csv.writeRecord(
          String.valueOf(id),
          name(analysis, c),
          String.valueOf(box.truths()),
          number(box.ap()),
          number(box.ap50()),
          mask == null ? "" : number(mask.ap()),
          mask == null ? "" : number(mask.ap50()),
          best == null ? "" : number(best.score()),
          best == null ? "" : number(best.f1()),
          best == null ? "" : number(best.precision()),
          best == null ? "" : number(best.recall()));
    }
  }

  private static CategoryScore of(List<CategoryScore> scores, int id) {
    return scores.stream().filter(s -> s.category().id() == id).findFirst().orElseThrow();
  }

  private static void errors(CsvWriter csv, Analysis analysis) {
    List<String> head = new ArrayList<>(List.of("by", "category", "ap50_percent"));
    for (ErrorType type : ErrorType.values()) {
      head.add(type.key());
    }
    head.addAll(List.of("FalsePos", "FalseNeg"));
    csv.writeRecord(head);
    List<IouType> kinds =
        analysis.matching().hasMasks() ? List.of(IouType.BOX, IouType.MASK) : List.of(IouType.BOX);
    for (IouType kind : kinds) {
      String by = kind == IouType.BOX ? "bbox" : "segm";
      TideErrors all = analysis.tide(kind).errors();
      if (all != null) {
        errors(csv, by, "(all)", all);
      }
      analysis
          .tide(kind)
          .perClass()
          .forEach((c, errors) -> errors(csv, by, name(analysis, c), errors));
    }
  }

  private static void errors(CsvWriter csv, String by, String name, TideErrors errors) {
    List<String> row = new ArrayList<>(List.of(by, name, number(errors.ap50())));
    errors.main().values().forEach(cost -> row.add(number(cost)));
    row.add(number(errors.falsePositives()));
    row.add(number(errors.falseNegatives()));
    csv.writeRecord(row);
  }

  private static void confusion(CsvWriter csv, Analysis analysis) {
    Confusion confusion = analysis.confusion();
    int classes = analysis.categories().size();
    List<String> head = new ArrayList<>(List.of("truth \\ found"));
    for (int c = 1; c <= classes + 1; c++) {
      head.add(name(analysis, c % (classes + 1)));
    }
    csv.writeRecord(head);
    for (int truth = 1; truth <= classes + 1; truth++) {
      List<String> row = new ArrayList<>(List.of(name(analysis, truth % (classes + 1))));
      for (int find = 1; find <= classes + 1; find++) {
        row.add(String.valueOf(confusion.count(truth % (classes + 1), find % (classes + 1))));
      }
      csv.writeRecord(row);
    }
  }

  private static void curves(CsvWriter csv, Analysis analysis) {
    csv.writeRecord("category", "score", "precision", "recall", "f1");
    analysis
        .curves()
        .forEach(
            (c, curve) -> {
              String name = c == ScoreCurve.ALL ? "(all)" : name(analysis, c);
              for (ScoreCurve.Point point : curve.points()) {
                csv.writeRecord(
                    name,
                    number(point.score()),
                    number(point.precision()),
                    number(point.recall()),
                    number(point.f1()));
              }
            });
  }

  private static void slices(CsvWriter csv, Analysis analysis, CocoScores scores) {
    csv.writeRecord("by", "part", "size", "ap", "ap50");
    double[] sizes = (scores.segm() == null ? scores.bbox() : scores.segm()).stats();
    String[] names = {"small", "medium", "large"};
    for (int i = 0; i < names.length; i++) {
      csv.writeRecord("object size", names[i], "", number(sizes[3 + i]), "");
    }
    slices(csv, "objects per photo", analysis.byObjects());
    slices(csv, "objects of the class", analysis.byFrequency(scores));
  }

  private static void slices(CsvWriter csv, String by, List<ApSlice> slices) {
    for (ApSlice slice : slices) {
      csv.writeRecord(
          by, slice.name(), String.valueOf(slice.size()), number(slice.ap()), number(slice.ap50()));
    }
  }

  private static void calibration(CsvWriter csv, Analysis analysis) {
    csv.writeRecord("from", "to", "count", "mean_score", "precision");
    for (Calibration.Bin bin : analysis.calibration().bins()) {
      csv.writeRecord(
          number(bin.from()),
          number(bin.to()),
          String.valueOf(bin.count()),
          number(bin.meanScore()),
          number(bin.precision()));
    }
  }

  private static void photos(CsvWriter csv, Analysis analysis) {
    csv.writeRecord("photo", "objects", "detections", "kaggle2019", "mistakes");
    for (JudgedPhoto photo : analysis.photos()) {
      csv.writeRecord(
          photo.name(),
          String.valueOf(photo.truths().stream().filter(t -> !t.crowd()).count()),
          String.valueOf(photo.found().size()),
          number(photo.score()),
          String.valueOf(photo.errors().mistakes().size()));
    }
  }

  /** All of them, the likeliest first; the box is that of the object, else of the detection. */
  private static void suspects(CsvWriter csv, Analysis analysis) {
    csv.writeRecord(
        "photo",
        "kind",
        "weight",
        "labelled",
        "found",
        "score",
        "iou",
        "x",
        "y",
        "width",
        "height");
    for (Suspect suspect : analysis.suspects()) {
      JudgedPhoto photo = analysis.photos().get(suspect.photo());
      boolean labelled = suspect.truth() >= 0;
      boolean found = suspect.find() >= 0;
      JudgedPhoto.Truth truth = labelled ? photo.truths().get(suspect.truth()) : null;
      JudgedPhoto.Find find = found ? photo.found().get(suspect.find()) : null;
      Box box = labelled ? truth.box() : find.box();
      csv.writeRecord(
          photo.name(),
          suspect.kind().meaning(),
          number(suspect.weight()),
          labelled ? name(analysis, truth.classId()) : "",
          found ? name(analysis, find.classId()) : "",
          found ? number(find.score()) : "",
          labelled && found ? number(photo.overlaps()[suspect.find()][suspect.truth()]) : "",
          String.valueOf(box.x()),
          String.valueOf(box.y()),
          String.valueOf(box.width()),
          String.valueOf(box.height()));
    }
  }

  private static String name(Analysis analysis, int classId) {
    return classId == Confusion.BACKGROUND
        ? BACKGROUND
        : analysis.categories().get(classId - 1).name();
  }

  /** Empty where there is nothing to measure: NaN, or COCO's -1. */
  private static String number(double value) {
    return Double.isNaN(value) || value == -1 ? "" : String.valueOf(value);
  }
}
