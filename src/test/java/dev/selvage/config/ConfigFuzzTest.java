package dev.selvage.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged configuration is refused, or says what the settings then are. */
class ConfigFuzzTest {
  @TempDir Path dir;

  @Test
  void readsOrRefusesWhatIsDamaged() {
    Path file = dir.resolve("config.json");
    Fuzz.run(
        "a configuration",
        ConfigWriter.toJson(ConfigReader.read("street", null, List.of()), Map.of("seed", 3))
            .getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          Files.write(file, bytes);
          Config config;
          try {
            config = ConfigReader.read(null, file, List.of());
          } catch (UserError e) {
            assertTrue(e.getMessage().matches("(?s).*(" + file + "|[A-Z]{3,}).*"), e.getMessage());
            throw e;
          }
          Map<String, String> values = ConfigValues.of(config);
          for (Map.Entry<String, JsonNode> said : new ObjectMapper().readTree(bytes).properties()) {
            // what LRS and MOMS say stands in these two as well
            boolean single = said.getKey().matches("LEARNING_(RATE|MOMENTUM)");
            if (!single && !said.getKey().equals(ConfigReader.ABOUT)) {
              assertSame(
                  said.getKey(),
                  said.getValue(),
                  new ObjectMapper().readTree(values.get(said.getKey())));
            }
          }
        });
  }

  /** Numbers as floats, and a single value as a list of one. */
  private static void assertSame(String key, JsonNode said, JsonNode set) {
    if (set.isArray()) {
      assertEquals(said.isArray() ? said.size() : 1, set.size());
      for (int i = 0; i < set.size(); i++) {
        assertSame(key, said.isArray() ? said.get(i) : said, set.get(i));
      }
    } else if (set.isNumber()) {
      assertEquals(said.floatValue(), set.floatValue(), key);
    } else {
      assertEquals(said, set, key);
    }
  }
}
