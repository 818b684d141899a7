package dev.selvage.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headers of other programs, which have no checksum: refused, or read as they stand. */
class SafetensorsFuzzTest {
  private static final String HEADER =
      """
      {"__metadata__": {"epochs": "3", "format": "pt"},
       "conv1/kernel": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
       "conv1/bias": {"dtype": "F32", "shape": [3], "data_offsets": [24, 36]}}
      """;

  @TempDir Path dir;

  @Test
  void headers() {
    Path file = dir.resolve("header.safetensors");
    Fuzz.run(
        "header",
        HEADER.getBytes(StandardCharsets.UTF_8),
        true,
        header -> {
          ByteBuffer whole = ByteBuffer.allocate(Long.BYTES + header.length + 36);
          whole.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
          Files.write(file, whole.array());
          try (Safetensors read = Safetensors.open(file)) {
            JsonNode plain =
                new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
            for (var field : plain.properties()) {
              if (!field.getKey().equals("__metadata__")) {
                assertTrue(read.contains(field.getKey()), field.getKey());
                assertEquals("F32", field.getValue().get("dtype").asText());
                for (String list : new String[] {"shape", "data_offsets"}) {
                  for (JsonNode number : field.getValue().get(list)) {
                    assertTrue(number.isIntegralNumber() && number.canConvertToLong(), list);
                  }
                }
              }
            }
          } catch (UserError e) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            throw e;
          }
        });
  }
}
