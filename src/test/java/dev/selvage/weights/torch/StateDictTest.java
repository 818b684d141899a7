package dev.selvage.weights.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictTest {
  private static final String FIRST = "backbone.body.layer1.0.conv1.weight";

  @TempDir Path dir;

  private static CheckpointTensor tensor() {
    return new CheckpointTensor() {
      @Override
      public List<Long> shape() {
        return List.of(1L);
      }

      @Override
      public float[] values() {
        return new float[] {1};
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "state_dict", "model_state_dict", "model_state", "net"})
  void findsTheModelInWhatScriptsSave(String wrapper) {
    CheckpointTensor tensor = tensor();
    Map<String, Object> saved = new HashMap<>();
    saved.put("optimizer", Map.of("state", Map.of()));
    saved.put("epoch", 3L);
    saved.put(wrapper, Map.of("a", tensor));
    assertSame(tensor, StateDict.of(saved).get("a"));
    assertSame(tensor, StateDict.of(Map.of("state_dict", saved)).get("a"));
  }

  @ParameterizedTest
  @CsvSource({
    "module.a.b, module.c.d",
    "_orig_mod.a.b, _orig_mod.c.d",
    "model.a.b, model.c.d",
    "module._orig_mod.a.b, module._orig_mod.c.d",
    "_orig_mod.module.a.b, _orig_mod.module.c.d",
    "model.module.a.b, model.module.c.d",
    "net.a.b, net.c.d",
    "a._orig_mod.b, c.d",
    "a.b, c.d"
  })
  void leavesOutWhatIsBeforeAllNames(String first, String second) {
    Map<String, Object> saved = new LinkedHashMap<>();
    saved.put(first, tensor());
    saved.put(second, tensor());
    assertEquals(Set.of("a.b", "c.d"), StateDict.of(saved).keySet());
  }

  @Test
  void refusesWhatIsAmbiguous() {
    Map<String, Object> two = Map.of("model", Map.of("a", tensor()), "net", Map.of("a", tensor()));
    PickleException error = assertThrows(PickleException.class, () -> StateDict.of(two));
    assertEquals(
        "several models, under model and net; save one of them alone, with"
            + " torch.save(checkpoint[\"model\"], \"MODEL.pth\")",
        error.getMessage());
    Map<String, Object> same = Map.of("a.b", tensor(), "a._orig_mod.b", tensor());
    assertThrows(PickleException.class, () -> StateDict.of(same));
    assertEquals(
        Set.of("model.a", "b"), StateDict.of(Map.of("model.a", tensor(), "b", tensor())).keySet());
  }

  @Test
  void endsWhereAModelContainsItself() {
    Map<Object, Object> cyclic = new HashMap<>();
    cyclic.put("model", cyclic);
    cyclic.put("net", cyclic);
    assertThrows(PickleException.class, () -> StateDict.of(cyclic));
  }

  @ParameterizedTest
  @CsvSource({"student., loss", "student., teacher."})
  void namesTheMendForOtherPrefixes(String prefix, String other) throws IOException {
    PickleWriter writer = new PickleWriter().op('}');
    writer.text(prefix + FIRST).array(List.of(1L), 1).op('s');
    writer.text(other + (other.endsWith(".") ? FIRST : "")).array(List.of(1L), 1).op('s');
    byte[] bytes = writer.stop();
    Path file = Files.write(dir.resolve("m.pkl"), bytes);
    try (TorchCheckpoint checkpoint = new TorchCheckpoint(file, ByteBuffer.wrap(bytes))) {
      String message =
          assertThrows(UserError.class, () -> ModelImporter.read(file, checkpoint)).getMessage();
      assertTrue(
          message.endsWith(
              "found them after "
                  + (other.endsWith(".") ? "student. and teacher." : "student.")
                  + "; in Python, torch.save({k.removeprefix(\"student.\"): v for k, v in"
                  + " tensors.items() if k.startswith(\"student.\")}, \"MODEL.pth\") keeps those"),
          message);
    }
  }
}
