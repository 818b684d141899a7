package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The folded weights of all layers over some parameters. What can be done for all layers at once is
 * one operation: on a GPU each of them would be a launch of its own.
 */
final class Folds {
  private final Parameters parameters;
  private final Map<Parameter, FoldedWeights> byKernel = new HashMap<>();

  /** Layers whose folded weights have been asked for. */
  private final Set<FoldedWeights> used = new LinkedHashSet<>();

  /** Layers whose gradients are still those of the folded weights. */
  private final Set<FoldedWeights> waiting = new LinkedHashSet<>();

  /** The folded weights that do not lie with the gradients, in the layout of those. */
  private Tensor arena;

  /** The same in short types, where somebody reads them. */
  private final Map<DType, Tensor> roundedArenas = new EnumMap<>(DType.class);

  /** The same with transposed kernels, where a backward pass reads them. */
  private final Map<DType, Tensor> transposedArenas = new EnumMap<>(DType.class);

  /** Those of them that have been made of the folded weights as they are now. */
  private final Set<DType> transposed = EnumSet.noneOf(DType.class);

  Folds(Parameters parameters) {
    this.parameters = parameters;
  }

  /** Those of a layer, which all models over the parameters share. */
  FoldedWeights of(LayerWeights weights, BatchNormParameters bn, int stride, int pad) {
    return byKernel.computeIfAbsent(
        weights.kernel(), kernel -> new FoldedWeights(this, weights, bn, stride, pad));
  }

  /** Folds the weights of a layer, and of all others that have been used and are stale too. */
  void fold(FoldedWeights wanted) {
    used.add(wanted);
    transposed.clear();
    Map<Boolean, List<FoldedWeights>> stale =
        used.stream()
            .filter(FoldedWeights::isStale)
            .collect(Collectors.partitioningBy(FoldedWeights::belongsToGradients));
    foldIntoGradients(stale.get(true));
    foldIntoOwn(stale.get(false));
  }

  private void foldIntoGradients(List<FoldedWeights> layers) {
    layers.forEach(FoldedWeights::markCurrentInGradients);
    fold(parameters.gradients(), layers);
  }

  private void foldIntoOwn(List<FoldedWeights> layers) {
    if (layers.isEmpty()) {
      return;
    }
    if (arena == null) {
      arena = parameters.own(parameters.values().size());
    }
    layers.forEach(FoldedWeights::markCurrent);
    fold(arena, layers);
    roundedArenas.values().forEach(rounded -> round(rounded, layers));
  }

  private void fold(Tensor to, List<FoldedWeights> layers) {
    if (!layers.isEmpty()) {
      Ops.foldBn(to, parameters.values(), places(layers), BatchNormParameters.EPSILON);
    }
  }

  /** Rounds the stretch of the arena in which these layers lie. */
  private void round(Tensor rounded, Collection<FoldedWeights> layers) {
    long begin = layers.stream().mapToLong(FoldedWeights::begin).min().orElseThrow();
    long end = layers.stream().mapToLong(FoldedWeights::end).max().orElseThrow();
    Scope.run(() -> Ops.cast(rounded.view(begin, end - begin), arena.view(begin, end - begin)));
  }

  /** The part of a kernel in the arena of a short type. */
  Tensor rounded(Parameter kernel, DType type) {
    return parameters.view(arena(type), kernel);
  }

  /** The folded weights in a type. */
  private Tensor arena(DType type) {
    if (type == DType.F32) {
      return arena;
    }
    return roundedArenas.computeIfAbsent(
        type,
        t -> {
          Tensor made = parameters.own(t, arena.size());
          round(made, used);
          return made;
        });
  }

  /** Transposes the kernels of all layers that have been used, if they have changed since. */
  void transpose(DType type) {
    if (transposed.contains(type)) {
      return;
    }
    long[] kernels =
        used.stream()
            .filter(FoldedWeights::canBeTransposed)
            .map(FoldedWeights::kernelPlace)
            .flatMapToLong(Arrays::stream)
            .toArray();
    Tensor made = transposedArenas.computeIfAbsent(type, t -> parameters.own(t, arena.size()));
    Ops.transposeKernels(made, arena(type), kernels);
    transposed.add(type);
  }

  /** The part of a kernel in the arena of transposed kernels. */
  Tensor transposed(Parameter kernel, DType type) {
    return parameters.view(transposedArenas.get(type), kernel);
  }

  /** The part of the arena that belongs to a parameter. */
  Tensor folded(Parameter parameter) {
    return parameters.view(arena, parameter);
  }

  /** Averages of weights have none, even of layers that count as trainable. */
  boolean haveGradients() {
    return parameters.gradients() != null;
  }

  /** The part of the gradients' arena that belongs to a parameter, even to one that is frozen. */
  Tensor gradient(Parameter parameter) {
    return parameters.view(parameters.gradients(), parameter);
  }

  boolean isWaiting(FoldedWeights layer) {
    return waiting.contains(layer);
  }

  /**
   * A layer has the gradients of its folded weights. They become those of its weights when the
   * backward pass ends, or at once where somebody waits for each gradient.
   */
  void endGradients(Tape tape, FoldedWeights layer) {
    waiting.add(layer);
    if (parameters.gradientsAreAwaited()) {
      unfold();
    } else if (waiting.size() == 1) {
      tape.afterBackward(this::unfold);
    }
  }

  /** Forgets the gradients of a backward pass, which may have been broken off. */
  void clearGradients() {
    waiting.clear();
    used.forEach(FoldedWeights::markStaleInGradients);
  }

  private void unfold() {
    List<FoldedWeights> layers = new ArrayList<>(waiting);
    waiting.clear();
    Ops.foldBnGrad(
        parameters.gradients(), parameters.values(), places(layers), BatchNormParameters.EPSILON);
    layers.forEach(FoldedWeights::markGradients);
  }

  private static long[] places(Collection<FoldedWeights> layers) {
    return layers.stream().map(FoldedWeights::place).flatMapToLong(Arrays::stream).toArray();
  }
}
