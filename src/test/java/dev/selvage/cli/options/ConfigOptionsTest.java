package dev.selvage.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.LabelledPhotos;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigOptionsTest {
  private static final Dataset TWO_CLASSES = new LabelledPhotos(LabelledPhotos.categories(2));

  @TempDir Path dir;

  @Test
  void laterSourcesWin() throws Exception {
    Path file = Files.writeString(dir.resolve("mine.json"), "{\"NAME\": \"mine\"}");
    Config config =
        ConfigOptions.read(
                line("--preset", "coco", "--config", file.toString(), "--set", "LRS=0.3,0.2,0.1"),
                null)
            .config();
    assertEquals(81, config.NUM_CLASSES);
    assertEquals("mine", config.NAME);
    assertEquals(0.2f, config.LRS.at(1));
  }

  @Test
  void theConfigurationBesideCountsUntilAnotherIsNamed() throws Exception {
    Path beside = Files.writeString(dir.resolve("config.json"), "{\"NAME\": \"run\"}");
    assertEquals("run", ConfigOptions.read(line(), beside).config().NAME);
    assertEquals("x", ConfigOptions.read(line("--set", "NAME=x"), beside).config().NAME);
    assertEquals("coco", ConfigOptions.read(line("--preset", "coco"), beside).config().NAME);
    assertEquals("street", ConfigOptions.read(line(), dir.resolve("missing")).config().NAME);
  }

  @Test
  void theDatasetGivesTheClasses() throws Exception {
    assertEquals(3, ConfigOptions.read(line(), null).fitTo(TWO_CLASSES).NUM_CLASSES);
    UserError single =
        assertThrows(
            UserError.class,
            () -> ConfigOptions.read(line("--set", "NUM_CLASSES=47"), null).fitTo(TWO_CLASSES));
    assertEquals(
        "--set: NUM_CLASSES must be 3, the 2 categories of labelled and the background, found 47",
        single.getMessage());
    Path file = Files.writeString(dir.resolve("c.json"), "{\"NUM_CLASSES\": 5}");
    UserError inFile =
        assertThrows(
            UserError.class,
            () -> ConfigOptions.read(line("--config", file.toString()), null).fitTo(TWO_CLASSES));
    assertTrue(inFile.getMessage().startsWith(file + ": NUM_CLASSES must be 3"));
  }

  private static CommandLine line(String... arguments) throws ParseException {
    return new DefaultParser(false)
        .parse(
            new CommandOptions()
                .add(Section.MODEL, ConfigOptions.PRESET, ConfigOptions.CONFIG, ConfigOptions.SET)
                .all(),
            arguments);
  }
}
