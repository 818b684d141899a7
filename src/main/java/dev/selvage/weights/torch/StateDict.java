package dev.selvage.weights.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a model's tensors in what a training script saved, and gives them the model's names. */
final class StateDict {
  /** Where training scripts put the model's tensors next to the optimizer's. */
  private static final List<String> WRAPPERS =
      List.of("model", "state_dict", "model_state_dict", "model_state", "net");

  /** A wrapper may lie in another one. */
  private static final int DEEPEST = 3;

  /** What torch.compile puts into names, wherever the compiled module is. */
  private static final String COMPILED = "_orig_mod.";

  /** What a model that lies in another object has before all names; first, on several GPUs. */
  private static final List<String> PREFIXES = List.of("module.", "model.", "net.");

  private StateDict() {}

  /**
   * The tensors by name.
   *
   * @throws PickleException if there are none, or those of several models
   */
  static Map<String, CheckpointTensor> of(Object saved) {
    Map<String, CheckpointTensor> found = find(saved, DEEPEST);
    if (found.isEmpty()) {
      throw new PickleException("a pickle without named tensors");
    }
    return withoutPrefixes(found);
  }

  private static Map<String, CheckpointTensor> find(Object saved, int depth) {
    if (!(saved instanceof Map<?, ?> map) || depth == 0) {
      return Map.of();
    }
    Map<String, CheckpointTensor> own = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof CheckpointTensor tensor) {
            own.put(name, tensor);
          }
        });
    if (!own.isEmpty()) {
      return own;
    }
    List<String> keys = new ArrayList<>();
    for (String key : WRAPPERS) {
      Map<String, CheckpointTensor> nested = find(map.get(key), depth - 1);
      if (!nested.isEmpty()) {
        own.putAll(nested);
        keys.add(key);
      }
    }
    if (keys.size() > 1) {
      throw new PickleException(
          "several models, under %s; save one of them alone, with torch.save(checkpoint[\"%s\"], \"MODEL.pth\")"
              .formatted(String.join(" and ", keys), keys.get(0)));
    }
    return own;
  }

  private static Map<String, CheckpointTensor> withoutPrefixes(
      Map<String, CheckpointTensor> tensors) {
    Map<String, CheckpointTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> renamed.put(name.replace(COMPILED, ""), tensor));
    for (String prefix : PREFIXES) {
      if (renamed.size() == tensors.size()
          && renamed.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
        Map<String, CheckpointTensor> shorter = new LinkedHashMap<>();
        renamed.forEach((name, tensor) -> shorter.put(name.substring(prefix.length()), tensor));
        return withoutPrefixes(shorter);
      }
    }
    if (renamed.size() < tensors.size()) {
      throw new PickleException("tensors with one name but for %s".formatted(COMPILED));
    }
    return renamed;
  }
}
