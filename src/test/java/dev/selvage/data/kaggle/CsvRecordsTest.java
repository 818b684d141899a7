package dev.selvage.data.kaggle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.selvage.data.MappedFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvRecordsTest {
  @TempDir Path folder;

  /** FastCSV reads the same values on the same lines, whatever the size of buffer and mapping. */
  @Test
  void readsWhatAnotherReaderReads() throws IOException {
    char[] separators = {',', ';', '\t'};
    String[] values = {
      "", "a", "1 22 333", "é ü", "\"x,y\"", "\"two\nlines\"", "\"q\"\"q\"", "\"\""
    };
    String[] ends = {"\n", "\r\n", "\r", "\n\n"};
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      char separator = separators[random.nextInt(separators.length)];
      StringBuilder text = new StringBuilder();
      for (int r = random.nextInt(6); r >= 0; r--) {
        text.append("row");
        for (int f = random.nextInt(4); f > 0; f--) {
          text.append(separator).append(values[random.nextInt(values.length)]);
        }
        text.append(r == 0 && random.nextBoolean() ? "" : ends[random.nextInt(ends.length)]);
      }
      List<List<String>> expected = new ArrayList<>();
      try (CsvReader<CsvRecord> reader =
          CsvReader.builder()
              .fieldSeparator(separator)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .ofCsvRecord(text.toString())) {
        for (CsvRecord record : reader) {
          List<String> row = new ArrayList<>(List.of("" + record.getStartingLineNumber()));
          record.getFields().forEach(value -> row.add(value.trim()));
          expected.add(row);
        }
      }
      Path file = write(text.toString());
      for (int buffer : new int[] {8, 13, 1000}) {
        CsvRecords records = new CsvRecords(MappedFile.open(file, 3), separator, buffer);
        List<List<String>> found = new ArrayList<>();
        while (records.next()) {
          List<String> row = new ArrayList<>(List.of("" + records.line()));
          for (int i = 0; i < records.size(); i++) {
            row.add(records.text(i));
          }
          found.add(row);
        }
        assertEquals(expected, found, text.toString());
      }
    }
  }

  @Test
  void givesTheOffsetOfAValue() throws IOException {
    Path file = write("\uFEFFa,b\n1, 2 3 \n4,\"5 6\"");
    byte[] bytes = Files.readAllBytes(file);
    CsvRecords records = new CsvRecords(MappedFile.open(file), ',', 6);
    assertTrue(records.next() && records.next());
    assertEquals("2 3", at(bytes, records));
    assertTrue(records.next());
    assertEquals("5 6", at(bytes, records));
  }

  private static String at(byte[] bytes, CsvRecords records) {
    ByteCharSequence raw = records.raw(1);
    int at = (int) records.offset(raw);
    return new String(
        Arrays.copyOfRange(bytes, at, at + raw.length()), StandardCharsets.ISO_8859_1);
  }

  @Test
  void refusesARowWithoutEnd() throws IOException {
    Path file = folder.resolve("long.csv");
    byte[] bytes = new byte[(1 << 24) + 100];
    Arrays.fill(bytes, (byte) '1');
    bytes[1] = '\n';
    bytes[2] = '"';
    Files.write(file, bytes);
    CsvRecords records = new CsvRecords(MappedFile.open(file), ',');
    assertTrue(records.next());
    String message = assertThrows(UserError.class, records::next).getMessage();
    assertTrue(message.contains("line 2") && message.contains("16 MiB"), message);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("some.csv"), text);
  }
}
