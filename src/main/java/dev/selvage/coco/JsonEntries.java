package dev.selvage.coco;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects in the arrays of a JSON file, read one by one so that each has a line number. */
final class JsonEntries {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonEntries() {}

  /** The file is one array of objects. */
  static List<JsonEntry> ofArray(Path file) {
    return parse(
        file,
        parser -> {
          if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw new UserError(file + ": expected an array of results, found " + describe(parser));
          }
          List<JsonEntry> entries = array(file, parser);
          requireEnd(file, parser);
          return entries;
        });
  }

  /** The file is one object; fields that are no arrays of objects are skipped. */
  static Map<String, List<JsonEntry>> ofObject(Path file, List<String> fields) {
    return parse(
        file,
        parser -> {
          if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new UserError(
                file + ": expected an object with " + fields + ", found " + describe(parser));
          }
          Map<String, List<JsonEntry>> found = new TreeMap<>();
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (!fields.contains(name)) {
              parser.skipChildren();
            } else if (parser.currentToken() != JsonToken.START_ARRAY) {
              throw new UserError(
                  "%s: expected \"%s\" to be an array, found %s"
                      .formatted(place(file, parser), name, describe(parser)));
            } else {
              found.put(name, array(file, parser));
            }
          }
          requireEnd(file, parser);
          for (String field : fields) {
            if (!found.containsKey(field)) {
              throw new UserError(
                  "%s: expected the array \"%s\", found %s".formatted(file, field, found.keySet()));
            }
          }
          return found;
        });
  }

  private static List<JsonEntry> array(Path file, JsonParser parser) throws IOException {
    List<JsonEntry> entries = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String where = place(file, parser);
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new UserError(where + ": expected an object, found " + describe(parser));
      }
      JsonNode node = MAPPER.readTree(parser);
      entries.add(new JsonEntry(where + ", entry " + (entries.size() + 1), node));
    }
    return entries;
  }

  private static void requireEnd(Path file, JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new UserError(
          place(file, parser) + ": expected the end of the file, found " + describe(parser));
    }
  }

  private static String place(Path file, JsonParser parser) {
    return file + ", line " + parser.currentTokenLocation().getLineNr();
  }

  private static String describe(JsonParser parser) throws IOException {
    return parser.currentToken() == null ? "nothing" : "'" + parser.getText() + "'";
  }

  private static <T> T parse(Path file, Reading<T> reading) {
    try (JsonParser parser = MAPPER.createParser(Files.newBufferedReader(file))) {
      return reading.read(parser);
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s, line %d: expected valid JSON, found: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": expected a JSON file, found none", e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** What is done with the open file. */
  private interface Reading<T> {
    T read(JsonParser parser) throws IOException;
  }
}
