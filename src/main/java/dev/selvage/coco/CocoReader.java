package dev.selvage.coco;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.util.JsonErrors;
import dev.selvage.util.UserError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a file in COCO's data or results format (cocodataset.org, "Data format" and "Results
 * format") once from its beginning to its end, one object at a time. Every method throws a {@link
 * UserError} with file and line where the file is no JSON in UTF-8 or has another structure.
 */
public final class CocoReader implements AutoCloseable {
  public static final String IMAGES = "images";
  public static final String ANNOTATIONS = "annotations";
  public static final String CATEGORIES = "categories";

  private static final List<String> LISTS = List.of(IMAGES, ANNOTATIONS, CATEGORIES);

  /** What one object of a list is called. */
  private static final Map<String, String> NOUNS =
      Map.of(IMAGES, "image", ANNOTATIONS, "annotation", CATEGORIES, "category");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final boolean isResults;
  private final JsonParser parser;
  private final Set<String> found = new HashSet<>();

  /** Name of the field whose value is still to be read; null for none. */
  private String pending;

  private String noun = "result";
  private int index;

  private CocoReader(Path file, boolean isResults) {
    this.file = file;
    this.isResults = isResults;
    try {
      parser = MAPPER.createParser(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": expected a JSON file, found none", e);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  /** Opens an annotation file: an object with the lists images, annotations and categories. */
  public static CocoReader ofAnnotations(Path file) {
    return begin(new CocoReader(file, false));
  }

  /** Opens a results file, which is one list. */
  public static CocoReader ofResults(Path file) {
    return begin(new CocoReader(file, true));
  }

  private static CocoReader begin(CocoReader reader) {
    try {
      return reader.reading(reader::begin);
    } catch (UserError e) {
      reader.close();
      throw e;
    }
  }

  private CocoReader begin() throws IOException {
    if (isResults) {
      require(parser.nextToken() == JsonToken.START_ARRAY, "a list of results");
    } else {
      require(parser.nextToken() == JsonToken.START_OBJECT, "an object with " + LISTS);
    }
    // of other encodings the parser does not count the bytes
    if (parser.currentTokenLocation().getByteOffset() < 0) {
      throw new UserError(
          "%s: expected JSON in UTF-8, found UTF-16 or UTF-32; save it as UTF-8".formatted(file));
    }
    return this;
  }

  /**
   * Goes on to the next field of an annotation file. The value of the last one may be left unread.
   *
   * @return its name; null at the end of a file that has all three lists
   */
  public String nextField() {
    return reading(
        () -> {
          if (pending != null) {
            parser.skipChildren();
          }
          pending = null;
          if (parser.nextToken() != JsonToken.FIELD_NAME) {
            requireEnd();
            for (String list : LISTS) {
              if (!found.contains(list)) {
                throw new UserError("%s: expected a list \"%s\", found none".formatted(file, list));
              }
            }
            return null;
          }
          pending = parser.currentName();
          parser.nextToken();
          if (LISTS.contains(pending)) {
            require(
                parser.currentToken() == JsonToken.START_ARRAY, "\"" + pending + "\" as a list");
            require(found.add(pending), "\"" + pending + "\" once");
            noun = NOUNS.get(pending);
            index = 0;
          }
          return pending;
        });
  }

  /** The value of the field just named, whole. */
  public JsonNode value() {
    pending = null;
    return reading(() -> MAPPER.<JsonNode>readTree(parser));
  }

  /**
   * The next object of a results file, or of the list just named.
   *
   * @return null at the end of the list
   */
  public CocoEntry nextEntry() {
    return reading(
        () -> {
          pending = null;
          if (parser.nextToken() == JsonToken.END_ARRAY) {
            if (isResults) {
              requireEnd();
            }
            return null;
          }
          require(parser.currentToken() == JsonToken.START_OBJECT, "an object for each " + noun);
          JsonLocation begin = parser.currentTokenLocation();
          ObjectNode node = MAPPER.readTree(parser);
          long end = parser.currentLocation().getByteOffset();
          int length = Math.toIntExact(end - begin.getByteOffset());
          return new CocoEntry(
              noun, index++, begin.getLineNr(), begin.getByteOffset(), length, node);
        });
  }

  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  /** Something that reads. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> reading) {
    try {
      return reading.read();
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      throw new UserError(
          "%s line %s, column %s: expected valid JSON, found: %s"
              .formatted(
                  file,
                  location == null ? 1 : location.getLineNr(),
                  location == null ? 1 : location.getColumnNr(),
                  JsonErrors.reason(e)),
          e);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private UserError cannotRead(IOException e) {
    return new UserError("%s: cannot be read (%s)".formatted(file, e), e);
  }

  private void requireEnd() throws IOException {
    require(parser.nextToken() == null, "the end of the file");
  }

  private void require(boolean holds, String expected) throws IOException {
    if (!holds) {
      throw new UserError(
          "%s line %s, column %s: expected %s, found %s"
              .formatted(
                  file,
                  parser.currentTokenLocation().getLineNr(),
                  parser.currentTokenLocation().getColumnNr(),
                  expected,
                  parser.currentToken() == null ? "nothing" : "'" + parser.getText() + "'"));
    }
  }
}
