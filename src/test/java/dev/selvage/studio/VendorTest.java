package dev.selvage.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of other authors are those that vendor.json lists, byte for byte. */
class VendorTest {
  private static final String PAGES = "src/main/resources/studio/vendor";

  @ParameterizedTest
  @ValueSource(strings = {PAGES, "src/test/resources/dev/selvage/studio/vendor"})
  void everyFileHasTheHashThatIsListed(String folder) throws Exception {
    Map<String, String> listed = new TreeMap<>();
    for (JsonNode library : libraries(folder)) {
      library
          .get("components")
          .forEach(
              file -> listed.put(file.get("name").asText(), file.at("/hashes/0/content").asText()));
    }
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      for (Path file : files.filter(f -> !f.endsWith("vendor.json")).toList()) {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        found.put(file.getFileName().toString(), HexFormat.of().formatHex(hash));
      }
    }
    assertEquals(listed, found);
    assertTrue(listed.size() >= 3);
  }

  @ParameterizedTest
  @ValueSource(strings = PAGES)
  void theListOfThirdPartiesNamesThem(String folder) throws IOException {
    String list = Files.readString(Path.of("THIRD-PARTY-STUDIO.txt"));
    for (JsonNode library : libraries(folder)) {
      String line =
          "%-20s%-12s%s"
              .formatted(
                  library.get("name").asText(),
                  library.get("version").asText(),
                  library.at("/licenses/0/license/id").asText());
      assertTrue(list.lines().anyMatch(line::equals), line);
    }
  }

  private static JsonNode libraries(String folder) throws IOException {
    return new ObjectMapper().readTree(Path.of(folder, "vendor.json").toFile()).get("components");
  }
}
