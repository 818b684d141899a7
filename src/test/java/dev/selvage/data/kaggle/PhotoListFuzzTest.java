package dev.selvage.data.kaggle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.NamedPhotos;
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitFile;
import dev.selvage.util.Fuzz;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that list photos, damaged: refused, or read as a straightforward reader would. */
class PhotoListFuzzTest {
  @TempDir Path dir;

  @Test
  void splits() {
    Path file = dir.resolve("split.csv");
    Fuzz.file(
        file,
        """
        ImageId,Part
        p0.png,train
        p1.png,valid
        p2.png,train
        "a, b.jpg",valid
        """
            .getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          SplitFile read = SplitFile.read(file);
          List<List<String>> rows = rows(bytes, ',');
          Map<String, String> parts = new LinkedHashMap<>();
          for (List<String> row : rows.subList(1, rows.size())) {
            assertEquals(2, row.size());
            assertTrue(row.get(1).equals("train") || row.get(1).equals("valid"), row.get(1));
            assertTrue(parts.put(row.get(0), row.get(1)) == null, "a photo twice");
          }
          NamedPhotos photos = new NamedPhotos(List.copyOf(parts.keySet()));
          Split split = read.of(photos);
          assertEquals(parts.size(), split.train().length + split.valid().length);
          for (int imageIndex : split.train()) {
            assertEquals("train", parts.get(photos.fileName(imageIndex)));
          }
          for (int imageIndex : split.valid()) {
            assertEquals("valid", parts.get(photos.fileName(imageIndex)));
          }
        });
  }

  @Test
  void sampleSubmissions() throws IOException {
    Files.writeString(
        dir.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 4, \"name\": \"hat\"}]}");
    Path photos = Files.createDirectory(dir.resolve("test"));
    for (String name : List.of("a.jpg", "b.jpg", "0")) {
      Files.createFile(photos.resolve(name));
    }
    Path file = dir.resolve("sample_submission.csv");
    Fuzz.file(
        file,
        """
        ImageId,EncodedPixels,ClassId
        b.jpg,1 1,4
        a.jpg,,
        b.jpg,2 2,4
        0,"7 3",4
        """
            .getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          KaggleTestSet read = KaggleTestSet.open(dir);
          String line = text(bytes).lines().filter(l -> !l.isEmpty()).findFirst().orElseThrow();
          char separator = line.indexOf(';') > 0 ? ';' : line.indexOf('\t') > 0 ? '\t' : ',';
          List<List<String>> rows = rows(bytes, separator);
          List<String> header = rows.get(0).stream().map(String::trim).toList();
          List<Integer> places = KaggleTestSet.COLUMNS.stream().map(header::indexOf).toList();
          Map<String, String[]> first = new LinkedHashMap<>();
          for (List<String> row : rows.subList(1, rows.size())) {
            if (!row.stream().allMatch(value -> value.matches("[ \t]*"))) {
              assertTrue(
                  row.stream().skip(header.size()).allMatch(String::isBlank), row.toString());
              first.putIfAbsent(
                  row.get(places.get(0)).trim(),
                  new String[] {row.get(places.get(1)).trim(), row.get(places.get(2)).trim()});
            }
          }
          assertEquals(List.copyOf(first.keySet()), read.names());
          PhotoFolder folder = new PhotoFolder(photos);
          assertEquals(
              first.keySet().stream().map(name -> folder.find(name).orElseThrow().file()).toList(),
              read.photos());
          int at = 0;
          for (String[] blank : first.values()) {
            assertArrayEquals(blank, read.blanks().get(at++));
          }
        });
  }

  /** Without a byte order mark, which says what the encoding is. */
  private static String text(byte[] bytes) {
    int first = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
    Charset charset =
        first == 0xFFFE
            ? StandardCharsets.UTF_16LE
            : first == 0xFEFF ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    return new String(bytes, charset).replaceFirst("^\uFEFF", "");
  }

  /**
   * RFC 4180, character by character; lines without any character are no rows. A quote counts only
   * as a field's first character, and what follows the closing one belongs to the field.
   */
  private static List<List<String>> rows(byte[] bytes, char separator) {
    String text = text(bytes) + "\n";
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c == '"' && text.charAt(i + 1) == '"') {
          field.append(text.charAt(i++));
        } else if (c == '"') {
          quoted = false;
        } else {
          field.append(c);
        }
      } else if (c == '"' && field.length() == 0 && !begun) {
        quoted = true;
        begun = true;
      } else if (c == separator || c == '\n' || c == '\r') {
        if (c == separator || !row.isEmpty() || field.length() > 0 || begun) {
          row.add(field.toString());
        }
        field.setLength(0);
        begun = false;
        if (c != separator && !row.isEmpty()) {
          rows.add(row);
          row = new ArrayList<>();
        }
      } else {
        field.append(c);
      }
    }
    return rows;
  }
}
