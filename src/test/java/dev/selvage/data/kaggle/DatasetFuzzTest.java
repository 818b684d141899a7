package dev.selvage.data.kaggle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ExifMode;
import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoIntegrity;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.train.TinyDataset;
import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a dataset, damaged: refused, or read as a straightforward reader would. */
class DatasetFuzzTest {
  /** A row without anything unusual in it. */
  private static final Pattern PLAIN =
      Pattern.compile("([^,\"]+),\"?([0-9 ]+)\"?,([0-9]+),([0-9]+),([0-9]+)((?:_[^,\"]*)?)");

  @TempDir Path dir;

  private Path data;
  private List<Category> categories;

  @BeforeEach
  void write() throws IOException {
    data = TinyDataset.write(dir.resolve("tiny"), 4);
    categories = LabelDescriptions.read(data.resolve("label_descriptions.json"));
  }

  @Test
  void rowsOfTrainCsv() throws IOException {
    Path csv = dir.resolve("damaged.csv");
    AtomicInteger compared = new AtomicInteger();
    Fuzz.file(
        csv,
        Files.readAllBytes(data.resolve("train.csv")),
        true,
        bytes -> {
          String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1);
          Map<Long, KaggleRow> rows = new HashMap<>();
          AtomicInteger bad = new AtomicInteger();
          int count =
              KaggleRows.read(
                  csv,
                  data.resolve("train"),
                  categories,
                  new KaggleRows.Receiver() {
                    @Override
                    public void row(KaggleRow row) {
                      assertTrue(rows.put(row.line(), row) == null, "two rows of one line");
                    }

                    @Override
                    public void bad(long line, String problem) {
                      assertTrue(line >= 2 && !problem.isBlank(), problem);
                      bad.incrementAndGet();
                    }
                  });
          assertEquals(count, rows.size() + bad.get());
          boolean quotes = Arrays.stream(lines).allMatch(DatasetFuzzTest::balanced);
          for (int i = 1; i < lines.length && quotes; i++) {
            Matcher plain = PLAIN.matcher(lines[i]);
            KaggleRow row = rows.get(i + 1L);
            if (plain.matches() && row != null) {
              compare(plain, row);
              compared.incrementAndGet();
            }
          }
          if (rows.size() < count) {
            throw new UserError(csv + ": rows were refused");
          }
        });
    assertTrue(compared.get() > Fuzz.MUTATIONS, "hardly any row was compared: " + compared);
  }

  private static boolean balanced(String line) {
    return line.chars().filter(c -> c == '"').count() % 2 == 0;
  }

  private void compare(Matcher plain, KaggleRow row) {
    PhotoFolder photos = new PhotoFolder(data.resolve("train"));
    assertEquals(photos.find(plain.group(1).trim()).orElseThrow().name(), row.photo());
    assertEquals(Integer.parseInt(plain.group(3)), row.size().height());
    assertEquals(Integer.parseInt(plain.group(4)), row.size().width());
    int id = Integer.parseInt(plain.group(5));
    assertEquals(id, categories.get(row.classId() - 1).id());
    boolean[] pixels = new boolean[row.size().height() * row.size().width()];
    String[] values = plain.group(2).trim().split(" +");
    int area = 0;
    for (int i = 0; i < values.length; i += 2) {
      int start = Integer.parseInt(values[i]) - 1;
      for (int p = start; p < start + Integer.parseInt(values[i + 1]); p++) {
        area += pixels[p] ? 0 : 1;
        pixels[p] = true;
      }
    }
    assertEquals(area, row.mask().area());
  }

  @Test
  void categories() throws IOException {
    Path file = dir.resolve("label_descriptions.json");
    Fuzz.file(
        file,
        """
        {"info": {"year": 2019}, "categories": [
          {"id": 0, "name": "shirt, blouse", "supercategory": "upperbody", "level": 2},
          {"id": 1, "name": "top, t-shirt", "supercategory": "upperbody", "level": 2},
          {"id": 45, "name": "tassel", "supercategory": "decorations", "level": 2}],
         "attributes": [{"id": 0, "name": "classic", "supercategory": "length", "level": 1},
          {"id": 91, "name": "slit", "supercategory": "opening type", "level": 1}]}
        """
            .getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          List<Category> read = LabelDescriptions.read(file);
          LabelDescriptions.attributes(file);
          JsonNode plain = new ObjectMapper().readTree(bytes).get("categories");
          assertEquals(plain.size(), read.size());
          for (JsonNode said : plain) {
            assertTrue(
                read.stream()
                    .anyMatch(
                        c ->
                            c.id() == said.get("id").asInt()
                                && c.name().equals(said.get("name").asText())));
          }
        });
  }

  @Test
  void photos() throws IOException {
    Path file = dir.resolve("damaged.jpg");
    Config config = Config.defaults().with("IMAGE_MIN_DIM", 64).with("IMAGE_MAX_DIM", 64);
    Photos photos = new Photos(ExifMode.APPLY, (photo, why) -> {});
    Fuzz.file(
        file,
        Files.readAllBytes(data.resolve("train/photo0.jpg")),
        false,
        bytes -> {
          boolean whole = PhotoIntegrity.problem(file).isEmpty();
          Optional<PhotoSize> stated = PhotoHeader.read(file).map(PhotoHeader::stored);
          if (stated.isPresent() && (long) stated.get().height() * stated.get().width() > 1 << 22) {
            return; // a big picture of a small file is right, but takes its time
          }
          Optional<Mat> decoded = photos.original(file);
          if (decoded.isEmpty()) {
            throw new UserError(file + ": cannot be decoded, whole or not: " + whole);
          }
          try (Mat photo = decoded.get()) {
            PhotoSize size = new PhotoSize(photo.rows(), photo.cols());
            // decoders find a picture behind more damage than the header's reader looks through
            assertEquals(stated.orElse(size), size);
            ResizePlan plan = ResizePlan.of(config, size.height(), size.width(), null);
            try (ResizedPhoto resized = photos.resized(file, plan).orElseThrow()) {
              assertEquals(3L * 64 * 64, resized.rgb().capacity());
            }
          }
        });
  }
}
