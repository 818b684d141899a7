package dev.selvage.nn;

import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * All weights and statistics of a model in one flat arena, in the order of the weight file;
 * gradients and momenta lie in arenas of the same layout, made when something is first trainable.
 * One arena makes saving, averaging and the optimizer plain passes over memory.
 */
public final class Parameters implements AutoCloseable {
  /** Floats in a cache line: every parameter begins on one. */
  private static final long ALIGNMENT = 16;

  private final Scope store = Scope.detached();
  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private final long arenaSize;
  private final Tensor values;
  private final Folds folds = new Folds(this);
  private Tensor gradients;
  private Tensor momenta;
  private boolean gradientsAreAwaited;

  /** Uninitialised parameters. */
  public Parameters(List<ParameterSpec> specs) {
    Set<String> names = new HashSet<>();
    long total = 0;
    for (ParameterSpec spec : specs) {
      if (!names.add(spec.name())) { // before there is memory to free
        throw new IllegalArgumentException("two parameters are named " + spec.name());
      }
      total += padded(spec.size());
    }
    arenaSize = total;
    values = own(arenaSize);
    long offset = 0;
    for (ParameterSpec spec : specs) {
      byName.put(spec.name(), new Parameter(spec, view(values, offset, spec.shape()), offset));
      offset += padded(spec.size());
    }
  }

  /** All of them, in file order. */
  public List<Parameter> list() {
    return List.copyOf(byName.values());
  }

  /**
   * One of them.
   *
   * @param name layer/part
   */
  public Parameter get(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the model has no parameter " + name);
    }
    return parameter;
  }

  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /** Those that the optimizer moves, in file order. */
  public List<Parameter> trainable() {
    return byName.values().stream().filter(Parameter::trainable).toList();
  }

  /**
   * Chooses the layers that learn; statistics never do. Momenta of parameters that were trainable
   * before stay.
   *
   * @param layers heads, 3+, 4+, 5+, all, or a regular expression over whole layer names
   * @throws UserError if it is not a regular expression or matches no layer
   */
  public void setTrainable(String layers) {
    Pattern pattern = LayerSelection.pattern(layers);
    boolean any = false;
    if (gradients == null) {
      gradients = own(arenaSize);
      gradients.fill(0f); // what lies between parameters is summed with them
      momenta = own(arenaSize);
    }
    for (Parameter parameter : byName.values()) {
      boolean on = !parameter.spec().isStatistic() && pattern.matcher(parameter.layer()).matches();
      if (on && parameter.momentum() == null) {
        parameter.attach(view(gradients, parameter), view(momenta, parameter));
      }
      parameter.setTrainable(on);
      any |= on;
    }
    if (!any) {
      throw new UserError(
          "LAYERS: expected heads, 3+, 4+, 5+, all or a regular expression over layer names, found"
              + " \""
              + layers
              + "\", which matches no layer");
    }
  }

  /** Forgets the gradients of the last backward pass. */
  public void clearGradients() {
    byName.values().forEach(Parameter::clearGradient);
    folds.clearGradients();
  }

  /**
   * Calls something whenever a backward rule has contributed to a gradient.
   *
   * @param action null for nothing
   */
  public void onGradient(Runnable action) {
    gradientsAreAwaited = action != null;
    byName
        .values()
        .forEach(parameter -> parameter.onGradient(gradientsAreAwaited ? action : () -> {}));
  }

  /** Whether somebody waits for each gradient, and not for the end of the backward pass. */
  boolean gradientsAreAwaited() {
    return gradientsAreAwaited;
  }

  Folds folds() {
    return folds;
  }

  /** The arenas that make a training what it is: values, and momenta where there are any. */
  public List<Tensor> arenas() {
    return momenta == null ? List.of(values) : List.of(values, momenta);
  }

  /**
   * Says that the values are for inference: weights in the form that the kernels read are kept from
   * call to call, which takes two to three times the memory of the weights.
   */
  public void holdConstant() {
    byName.values().forEach(Parameter::holdConstant);
  }

  /** To be called after writing to {@link #arenas}. */
  public void changed() {
    byName.values().forEach(Parameter::changed);
  }

  /** Divides all gradients, e.g. to make the sum of several backward passes their mean. */
  public void divideGradients(double divisor) {
    if (divisor != 1) {
      Ops.scale(gradients, (float) (1 / divisor)); // what has none yet gets one before it is used
    }
  }

  /** Sets all momenta to zero, as a newly compiled Keras optimizer has them. */
  public void resetMomenta() {
    for (Parameter parameter : byName.values()) {
      if (parameter.momentum() != null) {
        parameter.momentum().fill(0f);
      }
    }
  }

  /** Takes over another's values. */
  public void copyFrom(Parameters other) {
    Ops.copy(values, other.values);
    changed();
  }

  /**
   * Moves all values, statistics included, towards those of another: a moving average. Equal values
   * stay the same bits.
   *
   * @param share of the way, in 0..1
   */
  public void moveTowards(Parameters other, double share) {
    Ops.average(values, other.values, (float) share);
    changed();
  }

  /**
   * Takes over which layers are trainable, to compute the weight decay's share of the loss. These
   * parameters have no gradients and cannot learn.
   */
  public void countTrainableOf(Parameters other) {
    byName.forEach((name, p) -> p.setTrainable(other.get(name).trainable()));
  }

  /** Frees everything; layers over these parameters are of no use afterwards. */
  @Override
  public void close() {
    store.close();
  }

  /** The arena of all values; momenta and gradients have the same layout. */
  Tensor values() {
    return values;
  }

  Tensor gradients() {
    return gradients;
  }

  Tensor momenta() {
    return momenta;
  }

  /** A tensor that lives as long as the parameters do. */
  Tensor own(long... shape) {
    return own(DType.F32, shape);
  }

  Tensor own(DType type, long... shape) {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.allocate(type, shape);
      store.adopt(tensor);
      return scope.keep(tensor);
    }
  }

  /** A range of the gradients' arena that lives as long as the parameters do. */
  Tensor gradients(long begin, long end) {
    return view(gradients, begin, new long[] {end - begin});
  }

  /** The part of an arena that belongs to a parameter; it lives as long as the parameters do. */
  Tensor view(Tensor arena, Parameter parameter) {
    return view(arena, parameter.offset(), parameter.shape());
  }

  private Tensor view(Tensor arena, long offset, long[] shape) {
    try (Scope scope = Scope.open()) {
      Tensor tensor = arena.view(offset, shape);
      store.adopt(tensor);
      return scope.keep(tensor);
    }
  }

  private static long padded(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
