package dev.selvage.data.kaggle;

import dev.selvage.data.MappedFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A file of records whose first one names the columns, in any order and with others among them. The
 * separator is a comma or, as spreadsheets write it, a semicolon or a tab. Rows without any value
 * are skipped. Used by one thread.
 */
final class CsvTable {
  private static final char[] SEPARATORS = {',', ';', '\t'};

  private final List<String> columns;
  private final CsvRecords records;
  private final int width;
  private final int[] places;

  private CsvTable(List<String> columns, CsvRecords records, List<String> header) {
    this.columns = columns;
    this.records = records;
    width = header.size();
    places = columns.stream().mapToInt(header::indexOf).toArray();
  }

  /**
   * Opens a file.
   *
   * @throws UserError no such file, it is not UTF-8, or a column is missing
   */
  static CsvTable open(Path csv, List<String> columns) {
    String wanted = String.join(",", columns);
    if (!Files.isRegularFile(csv)) {
      throw new UserError(
          "%s: expected a file with columns %s, found no such file".formatted(csv, wanted));
    }
    try {
      MappedFile file = MappedFile.open(csv);
      for (char separator : SEPARATORS) {
        CsvRecords records = new CsvRecords(file, separator);
        if (!records.next()) {
          throw new UserError(
              "%s: expected columns %s, found an empty file".formatted(csv, wanted));
        }
        List<String> header = header(records);
        if (header.containsAll(columns)) {
          return new CsvTable(columns, records, header);
        }
      }
      CsvRecords records = new CsvRecords(file, ',');
      records.next();
      throw new UserError(
          "%s line 1: expected columns %s, found %s"
              .formatted(csv, wanted, String.join(",", header(records))));
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e), e);
    }
  }

  private static List<String> header(CsvRecords records) {
    return IntStream.range(0, records.size()).mapToObj(records::text).toList();
  }

  /** Goes to the next row, see {@link CsvRecords#next}. */
  boolean next() {
    while (records.next()) {
      if (!records.isBlankFrom(0)) {
        return true;
      }
    }
    return false;
  }

  /** Throws {@link UserError} where a row has values beyond the last column. */
  void requireNoMore() {
    if (!records.isBlankFrom(width)) {
      throw new UserError(
          "expected %s values, one for each column, found %s".formatted(width, records.size()));
    }
  }

  /** The line, from 1, on which the row begins. */
  long line() {
    return records.line();
  }

  /**
   * A value as {@link CsvRecords#text} gives it.
   *
   * @param column its index in the list that was given to {@link #open}
   * @throws UserError the row is too short
   */
  String text(int column) {
    return records.text(place(column));
  }

  /** A value as {@link CsvRecords#raw} gives it; see {@link #text}. */
  ByteCharSequence raw(int column) {
    return records.raw(place(column));
  }

  private int place(int column) {
    if (places[column] >= records.size()) {
      throw new UserError(
          "expected a value for column %s, found only %s values"
              .formatted(columns.get(column), records.size()));
    }
    return places[column];
  }

  /** Place in the file of the first byte of a raw value. */
  long offset(ByteCharSequence raw) {
    return records.offset(raw);
  }
}
