package dev.selvage.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  @TempDir Path dir;

  @Test
  void fashionPresetHoldsTheSeedProjectsValues() {
    Config c = ConfigReader.read("fashion", null, List.of());
    assertEquals("resnet101", c.BACKBONE);
    assertEquals(47, c.NUM_CLASSES);
    assertEquals(512, c.IMAGE_MAX_DIM);
    assertEquals(3, c.IMAGES_PER_GPU);
    assertEquals(400, c.TRAIN_ROIS_PER_IMAGE);
    assertEquals(200, c.MAX_GT_INSTANCES);
    assertEquals(10f, c.GRADIENT_CLIP_NORM);
    assertArrayEquals(new int[] {32, 64, 128, 256, 384}, c.RPN_ANCHOR_SCALES.toArray());
    assertArrayEquals(new int[] {25, 50, 110}, c.EPOCHS.toArray());
    assertEquals(List.of(1e-3f, 5e-4f, 2.5e-4f), c.LRS.values());
    assertEquals(List.of("heads", "all", "all"), c.LAYERS.values());
    assertEquals(List.of(false, true, true), c.FLIPS.values());
    assertEquals(4563, c.STEPS_PER_EPOCH);
    assertEquals(1141, c.VALIDATION_STEPS);
  }

  /** It would lead out of the folder of runs, or into a terminal, or fit into no file's name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a",
        "a/b",
        "a\\b",
        ".",
        "..",
        ".a",
        " ",
        "a\nb",
        "a\u001b[2Ja",
        "a\u0000b",
        "\ud800"
      })
  void aNameThatCannotBePartOfAFilesNameIsRefused(String name) {
    UserError error =
        assertThrows(UserError.class, () -> ConfigReader.read(null, null, List.of("NAME=" + name)));
    assertTrue(
        error.getMessage().contains("NAME must be part of a file's name"), error.getMessage());
    assertTrue(error.getMessage().chars().noneMatch(Character::isISOControl), error.getMessage());
  }

  @Test
  void theLongestNameFits() {
    String longest = "\u00e4".repeat(50);
    assertEquals(longest, ConfigReader.read(null, null, List.of("NAME=" + longest)).NAME);
    assertThrows(
        UserError.class, () -> ConfigReader.read(null, null, List.of("NAME=" + longest + "a")));
  }

  @Test
  void everyPresetIsValid() {
    for (String preset : ConfigReader.PRESETS) {
      assertEquals(preset, ConfigReader.read(preset, null, List.of()).NAME);
    }
  }

  @Test
  void laterSourcesWin() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("c.json"), "{\"NAME\":\"file\",\"IMAGES_PER_GPU\":5,\"LRS\":0.5}");
    Config c =
        ConfigReader.read(
            "fashion",
            file,
            List.of(
                "IMAGES_PER_GPU=7",
                "TRAIN_BN=null",
                "EPOCHS=1,2",
                "LAYERS=heads,all",
                "FLIPS=true"));
    assertEquals("file", c.NAME);
    assertEquals(7, c.IMAGES_PER_GPU);
    assertNull(c.TRAIN_BN);
    assertArrayEquals(new int[] {1, 2}, c.EPOCHS.toArray());
    assertEquals(List.of(0.5f), c.LRS.values());
    assertEquals(List.of("heads", "all"), c.LAYERS.values());
    assertEquals(List.of(true), c.FLIPS.values());
  }

  @Test
  void lossWeightsMayBeNamedAsMatterportDoes() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("c.json"),
            """
            {"LOSS_WEIGHTS": {"mrcnn_mask_loss": 5, "mrcnn_bbox_loss": 4.0, "mrcnn_class_loss": 3.0,
              "rpn_bbox_loss": 2, "rpn_class_loss": 1.0}}
            """);
    assertArrayEquals(
        new float[] {1, 2, 3, 4, 5},
        ConfigReader.read(null, file, List.of()).LOSS_WEIGHTS.toArray());
    Files.writeString(file, "{\"LOSS_WEIGHTS\": {\"rpn_class_loss\": 1.0, \"mask\": 1}}");
    assertEquals(
        file
            + ": LOSS_WEIGHTS must have the keys rpn_class_loss, rpn_bbox_loss, mrcnn_class_loss,"
            + " mrcnn_bbox_loss, mrcnn_mask_loss, found mask, rpn_class_loss",
        assertThrows(UserError.class, () -> ConfigReader.read(null, file, List.of())).getMessage());
  }

  @Test
  void oneRateServesAllStagesAndTheLaterSourceWins() throws IOException {
    Config single =
        ConfigReader.read("fashion", null, List.of("LEARNING_RATE=0.5", "LEARNING_MOMENTUM=0.25"));
    assertEquals(List.of(0.5f), single.LRS.values());
    assertEquals(List.of(0.25f), single.MOMS.values());
    Path file =
        Files.writeString(
            dir.resolve("c.json"), "{\"LEARNING_RATE\": 0.5, \"LEARNING_MOMENTUM\": 0.25}");
    Config list = ConfigReader.read(null, file, List.of("LRS=0.125", "MOMS=0.75"));
    assertEquals(List.of(0.125f), list.LRS.values());
    assertEquals(0.125f, list.LEARNING_RATE);
    assertEquals(0.75f, list.LEARNING_MOMENTUM);
    assertEquals(List.of(0.5f), ConfigReader.read("fashion", file, List.of()).LRS.values());
  }

  @Test
  void twoRatesInOneSourceMustAgree() throws IOException {
    assertEquals(
        "--set: LEARNING_MOMENTUM must be the first of MOMS where both are given, found 0.5 and"
            + " [0.25]",
        assertThrows(
                UserError.class,
                () -> ConfigReader.read(null, null, List.of("MOMS=0.25", "LEARNING_MOMENTUM=0.5")))
            .getMessage());
    Path file = dir.resolve("c.json");
    Files.writeString(file, "{\"LEARNING_RATE\": 0.5, \"LRS\": [0.25]}");
    assertEquals(
        file
            + ": LEARNING_RATE must be the first of LRS where both are given, found 0.5 and [0.25]",
        assertThrows(UserError.class, () -> ConfigReader.read(null, file, List.of())).getMessage());
    // a file that lists all of Matterport's keys has its default
    Files.writeString(file, "{\"LEARNING_RATE\": 0.001, \"LRS\": [0.25]}");
    assertEquals(0.25f, ConfigReader.read(null, file, List.of()).LEARNING_RATE);
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    Config c = ConfigReader.read("coco", null, List.of("TRAIN_BN=null", "LRS=0.1,0.02,3e-7"));
    Path file = dir.resolve("config.json");
    ConfigWriter.write(c, Map.of("seed", 7, "command_line", List.of("train", "--new")), file);
    Config again = ConfigReader.read(null, file, List.of());
    assertEquals(ConfigWriter.toJson(c, Map.of()), ConfigWriter.toJson(again, Map.of()));
    assertEquals(c.LRS, again.LRS);
    assertNull(again.TRAIN_BN);
    assertEquals(
        ConfigValues.of(c).size(),
        ConfigWriter.toJson(c, Map.of()).lines().filter(l -> l.contains(" : ")).count());
  }

  @Test
  void withChangesOnlyTheCopy() {
    Config c = ConfigReader.read("fashion", null, List.of());
    String before = ConfigWriter.toJson(c, Map.of());
    Config other =
        c.with(
            Map.of(
                "IMAGE_RESIZE_MODE",
                ResizeMode.PAD64,
                "RPN_ANCHOR_RATIOS",
                new float[] {0.25f, 1},
                "LEARNING_RATE",
                0.5f,
                "DETECTION_MIN_CONFIDENCE",
                0.1f,
                "AUGMENTATION",
                List.of(Augmentation.FLIP, Augmentation.STANDARD, Augmentation.NONE)));
    assertEquals(before, ConfigWriter.toJson(c, Map.of()));
    assertEquals(ResizeMode.PAD64, other.IMAGE_RESIZE_MODE);
    assertArrayEquals(new float[] {0.25f, 1}, other.RPN_ANCHOR_RATIOS.toArray());
    assertEquals(List.of(0.5f), other.LRS.values());
    assertEquals(0.1f, other.DETECTION_MIN_CONFIDENCE);
    assertEquals(Augmentation.STANDARD, other.AUGMENTATION.at(1));
    assertEquals(c.GRADIENT_CLIP_NORM, other.GRADIENT_CLIP_NORM);
    assertNull(c.with("TRAIN_BN", null).TRAIN_BN);
    assertEquals(
        "LRS must be a list, each item a number, found \"fast\"",
        assertThrows(UserError.class, () -> c.with("LRS", "fast")).getMessage());
    assertEquals(
        "unknown configuration key RATE; the nearest known key is NAME",
        assertThrows(UserError.class, () -> c.with("RATE", 1)).getMessage());
  }

  @Test
  void anArrayOfAListIsACopy() {
    Config c = Config.defaults();
    c.EPOCHS.toArray()[0] = 9;
    c.MEAN_PIXEL.toArray()[0] = 9;
    assertEquals(1, c.EPOCHS.get(0));
    assertEquals(123.7f, c.MEAN_PIXEL.get(0));
    List<Float> rates = c.LRS.values();
    assertThrows(UnsupportedOperationException.class, () -> rates.set(0, 9f));
  }

  @Test
  void theOldWordForTheStandardAugmentationIsStillRead() throws IOException {
    Path file = Files.writeString(dir.resolve("c.json"), "{\"AUGMENTATION\": [\"seed\"]}");
    for (Config c :
        List.of(
            ConfigReader.read(null, file, List.of()),
            ConfigReader.read(null, null, List.of("AUGMENTATION=seed")))) {
      assertEquals(Augmentation.STANDARD, c.AUGMENTATION.at(0));
      assertEquals("[\"standard\"]", ConfigValues.of(c).get("AUGMENTATION"));
    }
  }

  @Test
  void aWrongValueIsRefusedThoughALaterSourceReplacesIt() throws IOException {
    Path file = Files.writeString(dir.resolve("c.json"), "{\"GPU_COUNT\": 0}");
    assertEquals(
        file + ": GPU_COUNT must be at least 1 and at most 4096, found 0",
        assertThrows(UserError.class, () -> ConfigReader.read(null, file, List.of("GPU_COUNT=1")))
            .getMessage());
  }

  @Test
  void anUnknownKeyNamesTheNearest() {
    assertEquals(
        "--set: unknown configuration key IMAGE_MAX_DIMM; the nearest known key is IMAGE_MAX_DIM",
        message("IMAGE_MAX_DIMM=512"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IMAGES_PER_GPU=two | --set: IMAGES_PER_GPU must be a whole number, found \"two\"",
        "IMAGES_PER_GPU=2.5 | --set: IMAGES_PER_GPU must be a whole number, found 2.5",
        "LRS=0.1,x | --set: LRS must be a list, each item a number, found [0.1,\"x\"]",
        "USE_MINI_MASK=yes | --set: USE_MINI_MASK must be true or false, found \"yes\"",
        "TRAIN_BN=1 | --set: TRAIN_BN must be true, false or null, found 1",
        "IMAGE_CHANNEL_COUNT=4 | --set: IMAGE_CHANNEL_COUNT must be 3 (red, green, blue), found 4",
        "IMAGE_MAX_DIM=500 | IMAGE_MAX_DIM must be a positive multiple of 64, found 500",
        "BACKBONE=vgg | --set: BACKBONE must be one of resnet18, resnet34, resnet50, resnet101,"
            + " found vgg; the nearest is resnet18",
        "BACKBONE_STRIDES=4,8,16,32,65 | BACKBONE_STRIDES must be [4, 8, 16, 32, 64], the strides"
            + " of the pyramid, found [4, 8, 16, 32, 65]",
        "EPOCHS=3,3,4 | EPOCHS must increase from stage to stage, found [3, 3, 4]",
        "EPOCHS=0 | --set: EPOCHS must be a list, each item at least 1, found [0]",
        "LRS=1,2 | LRS must have 1 value or one for each of the 3 stages of EPOCHS, found 2",
        "FLIPS=true,false | FLIPS must have 1 value or one for each of the 3 stages of EPOCHS,"
            + " found 2",
        "RPN_ANCHOR_SCALES=32,64 | --set: RPN_ANCHOR_SCALES must have 5 values (one for each of"
            + " BACKBONE_STRIDES), found 2",
        "MASK_SHAPE=56,56 | MASK_SHAPE must be [28, 28], twice MASK_POOL_SIZE, found [56, 56]",
        "BBOX_STD_DEV=1,1,0,1 | --set: BBOX_STD_DEV must be a list, each item greater than 0,"
            + " found [1.0, 1.0, 0.0, 1.0]",
        "ROI_POSITIVE_RATIO=0 | --set: ROI_POSITIVE_RATIO must be greater than 0 and below 1,"
            + " found 0.0",
        "LAYERS=res( | LAYERS must be heads, 3+, 4+, 5+, all or a regular expression, found res(",
        "LR_DECAY=cosin | --set: LR_DECAY must be one of none, cosine, run_cosine, found cosin;"
            + " the nearest is cosine",
        "IMAGE_RESIZE_MODE=pad | --set: IMAGE_RESIZE_MODE must be one of square, pad64, none, crop,"
            + " found pad; the nearest is pad64",
        "IMAGE_RESIZE_MODE=SQUARE | --set: IMAGE_RESIZE_MODE must be one of square, pad64, none,"
            + " crop, found SQUARE; the nearest is square",
        "EVAL_EVERY=-1 | --set: EVAL_EVERY must be at least 0, found -1",
        "EARLY_STOP_EPOCHS=3 | EARLY_STOP_EPOCHS needs EVAL_EVERY of at least 1, found 3 and 0",
        "EMA_DECAY=1 | --set: EMA_DECAY must be at least 0 and below 1, found 1.0",
        "NAME | --set must be KEY=VALUE, found NAME",
      })
  void badValuesAreNamed(String setting, String expected) {
    assertEquals(expected, message(setting));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3+", "4+", "5+", "heads", "all", "(fpn\\_.*)|(mrcnn\\_.*)"})
  void everyKindOfLayersIsAllowed(String layers) {
    assertEquals(
        List.of(layers),
        ConfigReader.read("fashion", null, List.of("LAYERS=" + layers)).LAYERS.values());
  }

  /** As Windows' editors write them. */
  @Test
  void takesAByteOrderMarkAndUtf16() throws IOException {
    for (Charset charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
      Path file = dir.resolve("marked.json");
      Files.write(file, "\uFEFF{\"NAME\": \"gr\u00fcn\"}\r\n".getBytes(charset));
      assertEquals("gr\u00fcn", ConfigReader.read(null, file, List.of()).NAME);
    }
  }

  @Test
  void badFilesAreNamedWithTheLine() throws IOException {
    Path broken =
        Files.writeString(dir.resolve("broken.json"), "{\n\"NAME\": \"x\",\n\"EPOCHS\": [1,]\n}");
    UserError error =
        assertThrows(UserError.class, () -> ConfigReader.read(null, broken, List.of()));
    assertTrue(
        error.getMessage().startsWith(broken + " line 3: expected JSON"), error.getMessage());
    Path half = Files.writeString(dir.resolve("half.json"), "{\n\"NAME\": \"x\"");
    error = assertThrows(UserError.class, () -> ConfigReader.read(null, half, List.of()));
    assertEquals(
        half
            + " line 2: expected JSON, found Unexpected end-of-input: expected close marker for Object",
        error.getMessage());
    Path absent = dir.resolve("absent.json");
    error = assertThrows(UserError.class, () -> ConfigReader.read(null, absent, List.of()));
    assertEquals(absent + ": expected a configuration file, found none", error.getMessage());
    Path list = Files.writeString(dir.resolve("list.json"), "[1]");
    error = assertThrows(UserError.class, () -> ConfigReader.read(null, list, List.of()));
    assertEquals(list + ": expected a JSON object of settings, found ARRAY", error.getMessage());
  }

  @Test
  void anUnknownPresetNamesTheNearest() {
    UserError error =
        assertThrows(UserError.class, () -> ConfigReader.read("fashon", null, List.of()));
    assertEquals(
        "--preset must be one of fashion, coco, sample, street, found fashon; the nearest is"
            + " fashion",
        error.getMessage());
  }

  private static String message(String setting) {
    return assertThrows(UserError.class, () -> ConfigReader.read("fashion", null, List.of(setting)))
        .getMessage();
  }

  @Test
  void aFoldMustBeOneOfThoseThatTheFractionMakes() {
    assertEquals(4, ConfigReader.read(null, null, List.of("FOLD=4")).FOLD);
    assertEquals(
        2, ConfigReader.read(null, null, List.of("FOLD=2", "VALIDATION_FRACTION=0.3")).FOLD);
    for (List<String> wrong :
        List.of(
            List.of("FOLD=5"),
            List.of("FOLD=-1"),
            List.of("FOLD=3", "VALIDATION_FRACTION=0.3"),
            List.of("FOLD=1", "VALIDATION_FRACTION=0"))) {
      String message =
          assertThrows(UserError.class, () -> ConfigReader.read(null, null, wrong)).getMessage();
      assertTrue(message.contains("FOLD must be "), message);
    }
  }
}
