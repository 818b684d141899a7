package dev.selvage.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.util.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** label_descriptions.json; its "info" tells one sample from another. */
final class LabelFile {
  private static final String NAME = "label_descriptions.json";

  /** Raised whenever the same seed gives other bytes than before. */
  private static final int VERSION = 2;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final ObjectNode info = MAPPER.createObjectNode();

  LabelFile(int images, long seed) {
    info.put("year", 2019);
    info.put("version", Integer.toString(VERSION));
    info.put(
        "description",
        "Selvage's drawn sample in the layout and with the categories of iMaterialist Fashion 2019");
    info.put("images", images);
    info.put("seed", seed);
  }

  void write(Path folder) throws IOException {
    ObjectNode all = MAPPER.createObjectNode();
    all.set("info", info);
    try (InputStream labels = LabelFile.class.getResourceAsStream("labels.json")) {
      all.setAll((ObjectNode) MAPPER.readTree(labels));
    }
    AtomicFile.write(folder.resolve(NAME), MAPPER.writeValueAsString(all) + "\n");
  }

  /** Whether a folder holds this sample, complete. */
  boolean describes(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)
        || !SampleWriter.isWhole(folder, info.get("images").intValue())) {
      return false;
    }
    try {
      JsonNode found = MAPPER.readTree(file.toFile()).path("info");
      return MAPPER.writeValueAsString(found).equals(MAPPER.writeValueAsString(info));
    } catch (JsonProcessingException e) {
      return false; // some other file of that name
    }
  }
}
