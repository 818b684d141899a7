package dev.selvage.data.split;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoNames;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A split in a file: one row per photo, {@code ImageId,Part}, the part being train or valid. Older
 * versions wrote the names as the dataset states them, such as {@code ./a.jpg}; these are found by
 * their shortest form too.
 */
public final class SplitFile {
  private static final List<String> COLUMNS = List.of("ImageId", "Part");
  private static final String TRAIN = "train";
  private static final String VALID = "valid";

  private final Path file;

  /** For each photo whether it is held out. */
  private final Map<String, Boolean> photos;

  /** The names of the photos as the file states them, by their shortest form. */
  private final Map<String, String> written = new HashMap<>();

  private SplitFile(Path file, Map<String, Boolean> photos) {
    this.file = file;
    this.photos = photos;
    photos.keySet().forEach(name -> written.put(PhotoNames.normalise(name), name));
  }

  /**
   * Writes a split, whole or not at all.
   *
   * @throws UserError it cannot be written
   */
  public static void write(Path file, Split split, Dataset dataset) {
    String[] parts = new String[dataset.size()];
    IntStream.of(split.train()).forEach(imageIndex -> parts[imageIndex] = TRAIN);
    IntStream.of(split.valid()).forEach(imageIndex -> parts[imageIndex] = VALID);
    StringWriter text = new StringWriter();
    try (CsvWriter csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(COLUMNS);
      for (int imageIndex = 0; imageIndex < parts.length; imageIndex++) {
        csv.writeRecord(dataset.fileName(imageIndex), parts[imageIndex]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AtomicFile.write(file, text.toString());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UserError no such file, or other columns, an unknown part or a photo twice, with line
   */
  public static SplitFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: expected a split, found no such file".formatted(file));
    }
    Map<String, Boolean> photos = new LinkedHashMap<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .detectBomHeader(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(file)) {
      boolean header = true;
      for (CsvRecord row : reader) {
        if (header && !row.getFields().equals(COLUMNS)) {
          throw wrong(file, row, "columns " + String.join(",", COLUMNS));
        } else if (!header) {
          List<String> fields = row.getFields();
          if (fields.size() != 2 || !List.of(TRAIN, VALID).contains(fields.get(1))) {
            throw wrong(file, row, "a photo and its part, train or valid");
          }
          if (photos.putIfAbsent(fields.get(0), fields.get(1).equals(VALID)) != null) {
            throw wrong(file, row, "each photo only once");
          }
        }
        header = false;
      }
      if (header) {
        throw new UserError(
            "%s: expected columns %s, found an empty file"
                .formatted(file, String.join(",", COLUMNS)));
      }
    } catch (CsvParseException e) {
      throw new UserError(
          "%s: expected comma-separated rows, found: %s".formatted(file, e.getMessage()), e);
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(file, e.getMessage()), e);
    }
    return new SplitFile(file, photos);
  }

  private static UserError wrong(Path file, CsvRecord row, String expected) {
    return new UserError(
        "%s line %s: expected %s, found %s"
            .formatted(
                file, row.getStartingLineNumber(), expected, String.join(",", row.getFields())));
  }

  /** Whether it lists the photos of a dataset, all of them and no other. */
  public boolean isFor(Dataset dataset) {
    return photos.size() == dataset.size()
        && IntStream.range(0, dataset.size())
            .allMatch(imageIndex -> photos.containsKey(name(dataset, imageIndex)));
  }

  /** The name of a dataset's photo as the file states it; that of the dataset where it does not. */
  public String name(Dataset dataset, int imageIndex) {
    String name = dataset.fileName(imageIndex);
    return photos.containsKey(name) ? name : written.getOrDefault(name, name);
  }

  /**
   * The split.
   *
   * @throws UserError it is of other photos
   */
  public Split of(Dataset dataset) {
    if (!isFor(dataset)) {
      throw new UserError(
          "%s: expected one row for each of the %s photos of %s, found rows for a different set of photos"
              .formatted(file, dataset.size(), dataset.name()));
    }
    return new Split(images(dataset, false), images(dataset, true));
  }

  private int[] images(Dataset dataset, boolean held) {
    return IntStream.range(0, dataset.size())
        .filter(imageIndex -> photos.get(name(dataset, imageIndex)) == held)
        .toArray();
  }
}
