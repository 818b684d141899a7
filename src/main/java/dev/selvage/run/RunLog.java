package dev.selvage.run;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What log.csv says of the epochs so far.
 *
 * @param epochs counted from 1, ascending
 * @param columns by name, in the file's order, each with a value for every epoch; NaN where there
 *     is none
 */
public record RunLog(int[] epochs, Map<String, double[]> columns) {
  private static final String EPOCH = "epoch";

  /**
   * Reads the log of a run, which may still be training: a last line that is only half written is
   * ignored.
   *
   * @throws UserError no such file, no epoch in it, or a line that does not belong in a log
   */
  public static RunLog read(Path file) {
    RunLog log = readAny(file);
    if (log.epochs.length == 0) {
      throw new UserError("%s: expected at least one epoch, found none".formatted(file));
    }
    return log;
  }

  /**
   * The same for a run that may have no complete epoch yet.
   *
   * @throws UserError no such file, or a line that does not belong in a log
   */
  public static RunLog readAny(Path file) {
    List<String> lines = lines(file);
    List<String> names = lines.isEmpty() ? List.of() : List.of(lines.get(0).split(",", -1));
    if (names.isEmpty() || !names.get(0).equals(EPOCH) || names.stream().distinct().count() < 2) {
      throw new UserError(
          "%s line 1: expected the columns of a run's log, starting with epoch, found \"%s\""
              .formatted(file, names.isEmpty() ? "" : shortened(lines.get(0))));
    }
    double[][] table = new double[names.size()][lines.size() - 1];
    for (int row = 0; row < lines.size() - 1; row++) {
      String where = "%s line %d".formatted(file, row + 2);
      String[] values = lines.get(row + 1).split(",", -1);
      if (values.length != names.size()) {
        throw new UserError(
            "%s: expected %d values, found %d".formatted(where, names.size(), values.length));
      }
      for (int column = 0; column < values.length; column++) {
        table[column][row] = number(values[column], names.get(column), where);
      }
    }
    int[] epochs = epochs(file, table[0]);
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int column = 1; column < table.length; column++) {
      if (columns.put(names.get(column), table[column]) != null) {
        throw new UserError(
            "%s line 1: expected unique column names, found %s twice"
                .formatted(file, shortened(names.get(column))));
      }
    }
    return new RunLog(epochs, columns);
  }

  private static List<String> lines(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: expected the log of a run, found no such file".formatted(file));
    }
    try {
      // bytes that are not text become characters that no number has
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      return new ArrayList<>(whole.lines().toList());
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e), e);
    }
  }

  private static double number(String text, String column, String where) {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UserError(
          "%s: expected a number for %s, found \"%s\""
              .formatted(where, shortened(column), shortened(text)),
          e);
    }
  }

  private static int[] epochs(Path file, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != (int) values[i] || values[i] <= (i == 0 ? 0 : values[i - 1])) {
        throw new UserError(
            "%s line %d: expected an epoch greater than the one before, found %s"
                .formatted(file, i + 2, values[i]));
      }
    }
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** A damaged file may consist of one long line. */
  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
