package dev.selvage.weights.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.util.UserError;
import dev.selvage.weights.LoadReport;
import dev.selvage.weights.TinyModel;
import dev.selvage.weights.keras.KerasVariantsTest;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
class KerasFileTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = dir.resolve("weights.h5");
  }

  @AfterEach
  void noTemporaryFileStays() throws IOException {
    try (var files = Files.list(dir)) {
      assertTrue(files.noneMatch(f -> f.toString().endsWith(".part")));
    }
  }

  @Test
  void loadsWhatItSavedBitForBit() {
    try (Parameters saved = TinyModel.random(TinyModel.specs(3), 1);
        Parameters loaded = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, saved);
      LoadReport report = KerasFile.load(file, loaded, false);
      assertEquals(saved.list().stream().map(Parameter::name).toList(), report.loaded());
      assertEquals(Map.of(), report.skipped());
      assertEquals(List.of(), report.missing());
      assertSameBits(saved, loaded);
    }
  }

  @Test
  void savesTheSameBytesAgain() throws IOException {
    try (Parameters saved = TinyModel.random(TinyModel.specs(3), 1);
        Parameters loaded = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, saved);
      byte[] first = Files.readAllBytes(file);
      KerasFile.load(file, loaded, false);
      KerasFile.save(file, loaded);
      assertArrayEquals(first, Files.readAllBytes(file));
    }
  }

  @Test
  void namesAreKeras() {
    try (Parameters saved = TinyModel.random(TinyModel.specs(3), 1)) {
      KerasFile.save(file, saved);
    }
    try (HdfFile hdf = new HdfFile(file)) {
      assertEquals("tensorflow", hdf.getAttribute("backend").getData());
      assertEquals("2.0.8", hdf.getAttribute("keras_version").getData());
      String[] layers = (String[]) hdf.getAttribute("layer_names").getData();
      assertEquals(
          List.of(
              "conv1",
              "bn_conv1",
              "rpn_model",
              "mrcnn_bbox_fc",
              "mrcnn_mask_deconv",
              "mrcnn_class_logits",
              "mrcnn_mask"),
          Arrays.asList(layers));
      assertEquals(Set.of(layers), hdf.getChildren().keySet());
      String[] rpn = (String[]) hdf.getChild("rpn_model").getAttribute("weight_names").getData();
      assertEquals(
          List.of(
              "rpn_conv_shared/kernel:0",
              "rpn_conv_shared/bias:0",
              "rpn_class_raw/kernel:0",
              "rpn_class_raw/bias:0"),
          Arrays.asList(rpn));
      for (String name : rpn) {
        assertTrue(hdf.getDatasetByPath("rpn_model/" + name).getSize() > 0, name);
      }
    }
  }

  @Test
  void splitsNamesThatOneAttributeCannotHold() {
    List<ParameterSpec> specs = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      String layer = "a_layer_whose_name_alone_is_fifty_characters_%05d_".formatted(i);
      specs.add(new ParameterSpec(layer, layer, Kind.DENSE, "bias", new long[] {1}));
    }
    try (Parameters saved = TinyModel.random(specs, 1);
        Parameters loaded = TinyModel.random(specs, 2)) {
      KerasFile.save(file, saved);
      try (HdfFile hdf = new HdfFile(file)) {
        assertFalse(hdf.getAttributes().containsKey("layer_names"));
        assertTrue(hdf.getAttributes().containsKey("layer_names1"));
      }
      assertEquals(1500, KerasFile.load(file, loaded, false).loaded().size());
      assertSameBits(saved, loaded);
    }
  }

  @Test
  void keepsTextsThatOneAttributeCannotHold() {
    String longest = "0123456789".repeat(70_000); // twelve attributes
    Map<String, String> texts = Map.of("config", "{}", "split", longest);
    try (Parameters saved = TinyModel.random(TinyModel.specs(3), 1);
        Parameters loaded = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, saved, texts);
      assertEquals(texts, KerasFile.origin(file).texts());
      assertEquals(3, KerasFile.origin(file).classes().getAsInt());
      try (HdfFile hdf = new HdfFile(file)) {
        assertEquals("{}", hdf.getAttribute("selvage_config0").getData());
        assertTrue(hdf.getAttributes().containsKey("selvage_split11"));
      }
      KerasFile.load(file, loaded, false);
      assertSameBits(saved, loaded);
      Map<String, String> beyondAscii = Map.of("config", "\u00fc");
      assertThrows(IllegalArgumentException.class, () -> KerasFile.save(file, saved, beyondAscii));
    }
  }

  @Test
  void leavesHeadsOfAnotherClassCountAndSaysSo() {
    try (Parameters saved = TinyModel.random(TinyModel.specs(81), 1);
        Parameters model = TinyModel.random(TinyModel.specs(47), 2)) {
      float[] before = model.get("mrcnn_mask/kernel").download();
      KerasFile.save(file, saved);
      LoadReport report = KerasFile.load(file, model, true);
      assertEquals(
          Set.of(
              "mrcnn_class_logits/kernel",
              "mrcnn_class_logits/bias",
              "mrcnn_bbox_fc/kernel",
              "mrcnn_bbox_fc/bias",
              "mrcnn_mask/kernel",
              "mrcnn_mask/bias"),
          report.skipped().keySet());
      assertEquals(
          List.of(
              "loaded 12 arrays of 5 layers",
              "skipped mrcnn_bbox_fc, mrcnn_class_logits, mrcnn_mask: 81 classes in the file, 47 in the model"),
          report.lines());
      assertArrayEquals(before, model.get("mrcnn_mask/kernel").download());
      assertArrayEquals(saved.get("conv1/kernel").download(), model.get("conv1/kernel").download());
    }
  }

  @Test
  void refusesHeadsOfAnotherClassCountUnlessTold() {
    try (Parameters saved = TinyModel.random(TinyModel.specs(81), 1);
        Parameters model = TinyModel.random(TinyModel.specs(47), 2)) {
      KerasFile.save(file, saved);
      refused(
          model,
          "expected weights for the model's 47 classes, found weights for 81 classes (layer mrcnn_bbox_fc)");
    }
  }

  @Test
  void refusesAnotherShapeBeforeItChangesAnything() {
    List<ParameterSpec> others = new ArrayList<>(TinyModel.specs(3));
    others.set(
        8,
        new ParameterSpec(
            "rpn_model", "rpn_class_raw", Kind.CONV, "kernel", new long[] {1, 1, 5, 9}));
    try (Parameters saved = TinyModel.random(others, 1);
        Parameters model = TinyModel.random(TinyModel.specs(3), 2);
        Parameters same = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, saved);
      refused(
          model,
          "expected layer rpn_class_raw with a kernel of shape [1, 1, 5, 6], found [1, 1, 5, 9]");
      assertSameBits(same, model);
    }
  }

  @Test
  void reportsLayersThatOneSideLacks() {
    List<ParameterSpec> specs = TinyModel.specs(3);
    try (Parameters saved = TinyModel.random(specs.subList(0, 6), 1);
        Parameters model = TinyModel.random(specs.subList(2, specs.size()), 2)) {
      KerasFile.save(file, saved);
      LoadReport report = KerasFile.load(file, model, false);
      assertEquals(4, report.loaded().size());
      assertEquals(Set.of("conv1/kernel", "conv1/bias"), report.skipped().keySet());
      assertEquals(model.list().size() - 4, report.missing().size());
      assertEquals(
          "skipped conv1: the model has no such layer", report.lines().get(1), report::toString);
    }
  }

  @Test
  void refusesAFileWithoutAnyOfTheLayers() {
    List<ParameterSpec> specs = TinyModel.specs(3);
    try (Parameters saved = TinyModel.random(specs.subList(0, 2), 1);
        Parameters model = TinyModel.random(specs.subList(2, 6), 2)) {
      KerasFile.save(file, saved);
      refused(model, "expected layers of the model such as bn_conv1, found conv1");
    }
  }

  @Test
  void refusesValuesThatNoModelComputesWith() {
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2);
        Parameters damaged = TinyModel.random(TinyModel.specs(3), 1)) {
      change(damaged, "rpn_conv_shared/bias", 2, Float.NaN);
      KerasFile.save(file, damaged);
      refused(
          model,
          "expected finite weights and variances of 0 or more, found 1 of the 5 values of rpn_conv_shared/bias NaN or infinite");
      change(damaged, "rpn_conv_shared/bias", 3, Float.NEGATIVE_INFINITY);
      change(damaged, "mrcnn_mask/kernel", 0, Float.POSITIVE_INFINITY);
      KerasFile.save(file, damaged);
      refused(
          model,
          "expected finite weights and variances of 0 or more, found 2 of the 5 values of rpn_conv_shared/bias NaN or infinite, and 1 more in 1 other arrays");
    }
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2);
        Parameters negative = TinyModel.random(TinyModel.specs(3), 1)) {
      change(negative, "bn_conv1/moving_variance", 1, -1);
      KerasFile.save(file, negative);
      refused(
          model,
          "expected finite weights and variances of 0 or more, found 1 of the 4 values of bn_conv1/moving_variance negative");
    }
  }

  private static void change(Parameters parameters, String name, int at, float value) {
    float[] values = parameters.get(name).download();
    values[at] = value;
    parameters.get(name).upload(values);
  }

  @Test
  void refusesWhatIsNoWeightFile() throws IOException {
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2)) {
      refused(model, "expected a weight file, found none");
      Files.writeString(file, "ImageId,EncodedPixels\n");
      refused(
          model,
          "expected weights (Keras' .h5, PyTorch's .pth or Detectron2's .pkl), found another format");
      Files.write(file, new byte[0]);
      refused(
          model,
          "expected weights (Keras' .h5, PyTorch's .pth or Detectron2's .pkl), found an empty file");
    }
  }

  @Test
  void refusesToLoadWhatMustBeConverted() {
    Path checkpoint = KerasVariantsTest.fixture("detectron2.pkl");
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2)) {
      UserError error =
          assertThrows(UserError.class, () -> KerasFile.load(checkpoint, model, false));
      assertEquals(
          checkpoint
              + ": expected an .h5 file of Keras weights, found Detectron2's Mask R-CNN; `weights "
              + checkpoint
              + " --out OUT.h5` converts it",
          error.getMessage());
    }
  }

  @Test
  void saysHowMuchOfATruncatedFileThereIs() throws IOException {
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, model);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, 1000));
      refused(
          model,
          "expected an HDF5 file of %d bytes, found 1000: it is truncated".formatted(whole.length));
    }
  }

  @Test
  void refusesATruncatedFileWhereverItEnds() throws IOException {
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2);
        Parameters same = TinyModel.random(TinyModel.specs(3), 2)) {
      KerasFile.save(file, model);
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length; length += 1 + length / 50) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThrows(UserError.class, () -> KerasFile.load(file, model, false));
      }
      assertSameBits(same, model);
    }
  }

  @Test
  void keepsTheOldFileWhereItCannotWrite() throws IOException {
    try (Parameters model = TinyModel.random(TinyModel.specs(3), 2)) {
      Path target = dir.resolve("missing folder").resolve("weights.h5");
      UserError error = assertThrows(UserError.class, () -> KerasFile.save(target, model));
      assertTrue(error.getMessage().startsWith(target + ": cannot be written"), error.getMessage());
      Files.createDirectory(file);
      Files.writeString(file.resolve("occupied"), "");
      assertThrows(UserError.class, () -> KerasFile.save(file, model));
    }
  }

  private void refused(Parameters model, String message) {
    UserError error = assertThrows(UserError.class, () -> KerasFile.load(file, model, false));
    assertEquals(file + ": " + message, error.getMessage());
  }

  private static void assertSameBits(Parameters a, Parameters b) {
    for (Parameter parameter : a.list()) {
      // assertArrayEquals compares bits: it tells -0 from 0.
      assertArrayEquals(parameter.download(), b.get(parameter.name()).download(), parameter.name());
    }
  }
}
