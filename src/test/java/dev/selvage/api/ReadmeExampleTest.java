package dev.selvage.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun;
import dev.selvage.mask.CocoRle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java program in the README compiles, runs, and prints what {@code predict} finds. */
class ReadmeExampleTest {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void printsWhatPredictFinds() throws Exception {
    TinyRun tiny = new TinyRun(folder);
    Path photo = tiny.data.resolve("train/0.png");
    List<String> expected = new ArrayList<>();
    for (JsonNode found : predict(tiny, photo)) {
      JsonNode mask = found.get("segmentation");
      expected.add(
          "%s %.2f at %.0f, %.0f: %d pixels"
              .formatted(
                  found.get("category_name").asText(),
                  found.get("score").asDouble(),
                  found.get("bbox").get(0).asDouble(),
                  found.get("bbox").get(1).asDouble(),
                  CocoRle.read(
                          mask.get("counts").asText(),
                          mask.get("size").get(0).asInt(),
                          mask.get("size").get(1).asInt())
                      .area()));
    }
    assertTrue(expected.size() > 1, expected::toString);
    assertEquals(expected, run(tiny.run.toString(), photo.toString()));
  }

  /** What the README's program prints, line by line. */
  private List<String> run(String... arguments) throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("README.md")));
    assertTrue(example.find(), "README.md has no Java example");
    Path source = Files.writeString(folder.resolve("FindGarments.java"), example.group(1));
    Path api =
        Path.of(GarmentDetector.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-Xlint:all",
                "-Werror",
                "-cp",
                api.toString(),
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, code);
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader
          .loadClass("FindGarments")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private JsonNode predict(TinyRun tiny, Path photo) throws Exception {
    Path out = folder.resolve("out");
    TinyRun.Outcome outcome =
        TinyRun.call(
            "predict",
            "--weights",
            tiny.run.toString(),
            "--images",
            photo.toString(),
            "--out",
            out.toString(),
            "--no-pictures");
    assertEquals(0, outcome.code(), outcome.err());
    return new ObjectMapper().readTree(out.resolve("detections.json").toFile());
  }
}
