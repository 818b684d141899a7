package dev.selvage.submission;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.mask.KaggleRle;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.PendingFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the file that a competition of Kaggle's takes: one row per object with its runs of pixels,
 * numbered from 1 down the columns, and its category. No pixel of a photo lies in two objects, as
 * the competition demands: the object with the higher score keeps it. The file appears under its
 * name only when {@link #finish} has been called; closing without it leaves nothing.
 */
public final class SubmissionCsv implements AutoCloseable {
  private final Path file;
  private final Layout layout;
  private final List<Category> classes;
  private final List<SubmissionCheck.Photo> photos = new ArrayList<>();
  private final PendingFile pending;
  private final CsvWriter out;
  private int rows;

  /**
   * Begins the file.
   *
   * @param classes categories in class order: class c is {@code classes.get(c - 1)}
   */
  public SubmissionCsv(Path file, Layout layout, List<Category> classes) {
    this.file = file;
    this.layout = layout;
    this.classes = List.copyOf(classes);
    try {
      pending = PendingFile.create(file);
      out =
          CsvWriter.builder()
              .lineDelimiter(LineDelimiter.LF)
              .build(Channels.newWriter(pending.out(), StandardCharsets.UTF_8));
      out.writeRecord(layout.columns());
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    } catch (UncheckedIOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Appends one photo.
   *
   * @param found highest score first
   * @param blank EncodedPixels and ClassId of the row that a photo without objects gets
   */
  public void add(String photo, List<Detection> found, String[] blank) {
    List<Detection> apart = OverlapRemover.firstWins(found);
    try {
      for (Detection object : apart) {
        String categoryId = String.valueOf(classes.get(object.classId() - 1).id());
        out.writeRecord(layout.row(photo, KaggleRle.write(object.mask()), categoryId));
      }
      if (apart.isEmpty()) {
        out.writeRecord(layout.row(photo, blank[0], blank[1]));
      }
    } catch (UncheckedIOException e) {
      throw cannotWrite(e);
    }
    rows += apart.size();
    int height = apart.isEmpty() ? 0 : apart.get(0).mask().height();
    int width = apart.isEmpty() ? 0 : apart.get(0).mask().width();
    photos.add(new SubmissionCheck.Photo(photo, height, width, apart.size(), List.of(blank)));
  }

  /** Rows of objects written so far. */
  public int rows() {
    return rows;
  }

  /**
   * Completes the file, gives it its name and reads it back.
   *
   * @throws UserError it cannot be written, or what is read is not what was written; then the file
   *     is deleted
   */
  public void finish() {
    try {
      out.flush();
      pending.finish();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
    }
    Set<String> ids = new HashSet<>();
    classes.forEach(category -> ids.add(String.valueOf(category.id())));
    try {
      new SubmissionCheck(file, layout, ids).check(photos);
    } catch (UserError e) {
      AtomicFile.delete(file);
      throw e;
    }
  }

  @Override
  public void close() {
    pending.close();
  }

  private UserError cannotWrite(UncheckedIOException e) {
    return AtomicFile.cannotWrite(file, e.getCause());
  }
}
