package dev.selvage.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.Fuzz;
import dev.selvage.util.UserError;
import dev.selvage.weights.DamagedWeights;
import dev.selvage.weights.files.WeightFiles;
import dev.selvage.weights.keras.KerasVariantsTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {
  @TempDir Path dir;

  static Path fixture(String name) {
    return KerasVariantsTest.fixture(name);
  }

  private static TorchCheckpoint open(Path file) throws IOException {
    return new TorchCheckpoint(file, ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  /** What make_checkpoints.py puts into every array. */
  static float[] expected(String name, List<Long> shape) {
    int sum = name.chars().sum();
    float start = name.endsWith("running_var") ? 0.125f : -8;
    float[] values = new float[(int) CheckpointTensor.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7 + sum) % 129 / 8f + start;
    }
    return values;
  }

  /** float16, bfloat16, float64, parts of a storage and channels last among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {"torchvision.pth", "torchvision_legacy.pth", "resnet50.pth", "detectron2.pkl"})
  void readsEveryTensor(String name) throws IOException {
    try (TorchCheckpoint checkpoint = open(fixture(name))) {
      assertTrue(checkpoint.tensors().size() > 130, () -> checkpoint.tensors().keySet().toString());
      checkpoint
          .tensors()
          .forEach(
              (tensor, values) -> {
                if (!tensor.contains("cell_anchors") && !tensor.endsWith("num_batches_tracked")) {
                  assertArrayEquals(
                      expected(tensor, values.shape()), checkpoint.values(values), tensor);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void readsNumpyArraysOfEveryProtocol(int protocol) throws IOException {
    try (TorchCheckpoint checkpoint = open(fixture("protocol" + protocol + ".pkl"))) {
      Map<String, CheckpointTensor> tensors = checkpoint.tensors();
      assertEquals(List.of(2L, 3L), tensors.get("a").shape());
      for (String name : List.of("a", "b")) {
        CheckpointTensor tensor = tensors.get(name);
        assertArrayEquals(expected(name, tensor.shape()), checkpoint.values(tensor), name);
      }
    }
  }

  @Test
  void readsWhatThePickleWriterOfTheseTestsWrites() throws IOException {
    byte[] pickle =
        new PickleWriter().op('}').text("a").array(List.of(1L, 2L), 3, 4).op('s').stop();
    try (TorchCheckpoint checkpoint = open(write(pickle))) {
      CheckpointTensor tensor = checkpoint.tensors().get("a");
      assertNotNull(tensor);
      assertArrayEquals(new float[] {3, 4}, checkpoint.values(tensor));
    }
  }

  @Test
  void runsNothingThatIsNotOnItsList() {
    refused(
        new PickleWriter().global("os", "system").text("true").op(0x85).op('R').stop(),
        "a pickle with the name os.system, which is not allowed");
    refused(
        new PickleWriter().text("builtins").text("eval").op(0x93).stop(),
        "a pickle with the name builtins.eval, which is not allowed");
    refused(
        new PickleWriter().global("numpy", "ndarray").number(9).op(0x85).op('R').stop(),
        "a numpy array made without its data");
    refused(
        new PickleWriter().op('i').raw("os\nsystem\n".getBytes(StandardCharsets.US_ASCII)).stop(),
        "the unsupported pickle instruction 0x69");
    refused(new PickleWriter().text("x").op('Q').stop(), "a pickle damaged at byte 8");
  }

  @Test
  void saysWhatIsWrongWithAPickle() {
    refused(new byte[] {(byte) 0x80, 1, 'N', '.'}, "a pickle of protocol 1 instead of 2 to 5");
    refused(new PickleWriter().op('N').stop(), "a pickle without named tensors");
    refused(new PickleWriter().op('}').stop(), "a pickle without named tensors");
    refused(new PickleWriter().op('t').stop(), "a pickle that uses a mark before it is set");
    refused(
        new PickleWriter().op('h').op(7).stop(),
        "a pickle that reads a memo entry before it is written");
    refused(
        new PickleWriter().op('N').op('N').op('b').stop(),
        "a pickle that sets the state of an unsupported object");
    refused(new PickleWriter().op(0x8A).op(200).stop(), "a number of 200 bytes in a pickle");
    refused(
        new PickleWriter().op('}').op('}').op('N').op('s').stop(),
        "a dict in a pickle with keys that are neither strings nor numbers");
    refused(
        new PickleWriter().op('X').raw((byte) -1, (byte) -1, (byte) -1, (byte) -1).stop(),
        "a pickle damaged at byte 2");
    refused(
        new PickleWriter().op('}').text("a").array(List.of(3L), 1, 2).op('s').stop(),
        "8 bytes of a numpy array of shape [3]");
  }

  @Test
  void doesNotRunForEver() {
    PickleWriter writer = new PickleWriter();
    for (int i = 0; i < 600_000; i++) {
      writer.op('N').op('0');
    }
    refused(writer.stop(), "a pickle of more than 1000000 instructions");
  }

  @Test
  void noticesAChangedNumberInAZipArchive() throws IOException {
    byte[] whole = Files.readAllBytes(fixture("resnet50.pth"));
    // The numbers come after the pickle; the middle of the largest entry is one of them.
    int at = indexOf(whole, "resnet50/data/0") + 1000;
    whole[at] ^= 1;
    Path file = write(whole);
    UserError error = assertThrows(UserError.class, () -> WeightFiles.inspect(file));
    assertEquals(
        file
            + ": expected a checkpoint of PyTorch or Detectron2, found resnet50/data/0 with a wrong checksum",
        error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"torchvision.pth", "torchvision_legacy.pth", "detectron2.pkl"})
  void readsOrRefusesWhatIsDamaged(String name) throws IOException {
    int count = Fuzz.share(name.endsWith(".pkl") ? 1 : 2);
    DamagedWeights.inspect(fixture(name), dir.resolve("damaged"), count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"torchvision.pth", "torchvision_legacy.pth", "detectron2.pkl"})
  void refusesATruncatedFileWhereverItEnds(String name) throws IOException {
    byte[] whole = Files.readAllBytes(fixture(name));
    Path file = dir.resolve("truncated");
    for (int length = 4; length < whole.length; length += 1 + length / 60) {
      Files.write(file, Arrays.copyOf(whole, length));
      int at = length;
      assertThrows(UserError.class, () -> WeightFiles.inspect(file), () -> name + " to " + at);
    }
  }

  private void refused(byte[] pickle, String found) {
    Path file = write(pickle);
    UserError error = assertThrows(UserError.class, () -> open(file).close());
    assertEquals(
        file + ": expected a checkpoint of PyTorch or Detectron2, found " + found,
        error.getMessage());
  }

  private Path write(byte[] bytes) {
    try {
      return Files.write(dir.resolve("test.pkl"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }
}
