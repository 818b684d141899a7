package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Results of weights whose forms the backend keeps are those of weights that it reads anew. */
@ExtendWith({NoLeaks.class, OpenScope.class})
class HeldConstantTest {
  private final float[] photo = new float[6 * 5 * 3];

  HeldConstantTest() {
    for (int i = 0; i < photo.length; i++) {
      photo[i] = (float) Math.sin(i);
    }
  }

  @Test
  void aChangeOfConstantParametersIsSeen() {
    try (Parameters constant = weights();
        Parameters fresh = weights()) {
      constant.holdConstant();
      assertSameOutputs(fresh, constant);
      for (Parameters parameters : new Parameters[] {constant, fresh}) {
        Parameter kernel = parameters.get("res/kernel");
        float[] values = kernel.download();
        values[0] += 0.5f;
        kernel.upload(values);
      }
      assertSameOutputs(fresh, constant);
    }
  }

  @Test
  void aChangeAfterTheConstantTimeIsSeen() {
    try (Parameters parameters = weights();
        Parameters fresh = weights()) {
      Parameter kernel = parameters.get("res/kernel");
      kernel.whileConstant(() -> assertSameOutputs(fresh, parameters));
      kernel.value().fill(0.125f);
      fresh.get("res/kernel").value().fill(0.125f);
      assertArrayEquals(plain(fresh), plain(parameters));
    }
  }

  private static Parameters weights() {
    Parameters parameters = new Parameters(Specs.block(3));
    GradientCheck.randomize(parameters, 3);
    return parameters;
  }

  /** Twice, since the first call makes what the second finds. */
  private void assertSameOutputs(Parameters expected, Parameters parameters) {
    ConvBn block = new ConvBn(parameters, "res", "bn", 1, 1, true, false);
    float[] folded = output(new ConvBn(expected, "res", "bn", 1, 1, true, false));
    for (int call = 0; call < 2; call++) {
      assertArrayEquals(folded, output(block));
      assertArrayEquals(plain(expected), plain(parameters));
    }
  }

  private float[] output(ConvBn block) {
    try (Tape tape = Tape.off()) {
      return block.forward(tape, photo(tape), null).value().download();
    }
  }

  private float[] plain(Parameters parameters) {
    try (Tape tape = Tape.off()) {
      Conv conv = new Conv(parameters, "res", 1, 1, false);
      return conv.forward(tape, photo(tape)).value().download();
    }
  }

  private Variable photo(Tape tape) {
    return tape.constant(Tensor.of(photo, 1, 6, 5, 3));
  }
}
