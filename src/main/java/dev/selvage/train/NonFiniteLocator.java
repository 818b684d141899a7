package dev.selvage.train;

import dev.selvage.autograd.TapeListener;
import dev.selvage.data.loader.Batch;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds where NaN or an infinity first appears in a step, by computing it again and looking at
 * every value and gradient: the operation, its layer, and the photos that it happens with.
 */
public final class NonFiniteLocator {
  /** Ends the repeated step where it is found. */
  private static final class Found extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Found(String where) {
      super(where, null, false, false);
    }
  }

  private final MaskRcnn model;
  private final Parameters parameters;
  private final boolean backward;

  /**
   * A search.
   *
   * @param backward whether in a training step, gradients included, or only in the losses
   */
  public NonFiniteLocator(MaskRcnn model, Parameters parameters, boolean backward) {
    this.model = model;
    this.parameters = parameters;
    this.backward = backward;
  }

  /**
   * The first value in the batches of a step that is not finite, as the continuation of a sentence.
   */
  public String trace(List<Batch> batches) {
    for (Batch batch : batches) {
      Optional<String> first = first(batch);
      if (first.isPresent()) {
        return "%s, %s".formatted(first.get(), photos(batch));
      }
    }
    return "but not when the step was repeated";
  }

  private String photos(Batch batch) {
    List<String> photos = new ArrayList<>();
    for (int imageIndex = 0; imageIndex < batch.size(); imageIndex++) {
      if (batch.size() == 1 || first(batch.only(imageIndex)).isPresent()) {
        photos.add(batch.fileNames()[imageIndex]);
      }
    }
    return photos.isEmpty()
        ? "on " + String.join(" and ", batch.fileNames()) + " together"
        : "on " + String.join(", ", photos);
  }

  private Optional<String> first(Batch batch) {
    Looking watch = new Looking();
    try {
      StepOptions options = StepOptions.DEFAULTS.withListener(watch);
      Losses losses = backward ? model.step(batch, options) : model.losses(batch, options);
      for (Map.Entry<String, Double> loss : losses.byName().entrySet()) {
        if (!Double.isFinite(loss.getValue()) && !loss.getKey().equals("loss")) {
          return Optional.of(
              "first in %s itself (the outputs of the model are finite)".formatted(loss.getKey()));
        }
      }
      return watch.broken.values().stream()
          .findFirst()
          .map("first in the weight decay (%s is not finite)"::formatted);
    } catch (Found found) {
      return Optional.of(found.getMessage());
    } finally {
      parameters.clearGradients();
    }
  }

  /**
   * Weights that are not finite, by the layer that uses them. They are looked for themselves, since
   * a ReLU turns NaN to zero.
   */
  private Map<String, String> brokenWeights() {
    Map<String, String> broken = new LinkedHashMap<>();
    String layer = null;
    for (Parameter parameter : parameters.list()) {
      if (parameter.spec().kind() != Kind.BATCH_NORM) { // whose layer comes after its convolution's
        layer = parameter.layer();
      }
      if (!Ops.allFinite(parameter.value())) {
        broken.putIfAbsent(layer, parameter.name());
      }
    }
    return broken;
  }

  private final class Looking implements TapeListener {
    private final Set<Parameter> seen = new HashSet<>();
    private final Map<String, String> broken = brokenWeights();

    @Override
    public void value(String op, String layer, Tensor value) {
      String weight = broken.get(layer);
      if (weight != null) {
        throw new Found(
            "first in %s of layer %s (%s is not finite itself)".formatted(op, layer, weight));
      } else if (!Ops.allFinite(value)) {
        throw new Found("first in %s of layer %s".formatted(op, layer));
      }
    }

    @Override
    public void gradient(String op, String layer, Tensor gradient) {
      if (!Ops.allFinite(gradient)) {
        throw new Found("first in the gradient of %s of layer %s".formatted(op, layer));
      }
    }

    @Override
    public void passed(String op, String layer) {
      for (Parameter parameter : parameters.list()) {
        if (parameter.hasGradient()
            && seen.add(parameter)
            && !Ops.allFinite(parameter.gradient())) {
          throw new Found("first in the gradient of %s, by %s".formatted(parameter.name(), op));
        }
      }
    }
  }
}
