package dev.selvage.nn;

/** The four arrays of a batch normalization layer and Keras' constants. */
record BatchNormParameters(Parameter gamma, Parameter beta, Parameter mean, Parameter variance) {
  static final float EPSILON = 1e-3f;
  static final float MOMENTUM = 0.99f;

  static BatchNormParameters of(Parameters parameters, String layer) {
    return new BatchNormParameters(
        parameters.get(layer + "/gamma"),
        parameters.get(layer + "/beta"),
        parameters.get(layer + "/moving_mean"),
        parameters.get(layer + "/moving_variance"));
  }

  boolean trainable() {
    return gamma.trainable() || beta.trainable();
  }
}
