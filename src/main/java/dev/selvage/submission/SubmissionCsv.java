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
import java.util.List;

/**
 * Writes the file that Kaggle's iMaterialist Fashion 2019 takes: one row per object with its runs
 * of pixels, numbered from 1 down the columns, and its category. No pixel of a photo lies in two
 * objects, as the competition demands: the object with the higher score keeps it. The file appears
 * under its name only when {@link #finish} has been called; closing without it leaves nothing.
 */
public final class SubmissionCsv implements AutoCloseable {
  private final Path file;
  private final List<Category> classes;
  private final PendingFile pending;
  private final CsvWriter out;
  private int rows;

  /**
   * Begins the file.
   *
   * @param classes categories in class order: class c is {@code classes.get(c - 1)}
   */
  public SubmissionCsv(Path file, List<Category> classes) {
    this.file = file;
    this.classes = List.copyOf(classes);
    try {
      pending = PendingFile.create(file);
      out =
          CsvWriter.builder()
              .lineDelimiter(LineDelimiter.LF)
              .build(Channels.newWriter(pending.out(), StandardCharsets.UTF_8));
      out.writeRecord("ImageId", "EncodedPixels", "ClassId");
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
        out.writeRecord(photo, KaggleRle.write(object.mask()), categoryId);
      }
      if (apart.isEmpty()) {
        out.writeRecord(photo, blank[0], blank[1]);
      }
    } catch (UncheckedIOException e) {
      throw cannotWrite(e);
    }
    rows += apart.size();
  }

  /** Rows of objects written so far. */
  public int rows() {
    return rows;
  }

  /** Completes the file and gives it its name. */
  public void finish() {
    try {
      out.flush();
      pending.finish();
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file, e);
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
