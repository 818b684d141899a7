package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.Conv;
import dev.selvage.nn.Functions;
import dev.selvage.nn.Parameters;

/** The feature pyramid (Lin et al. 2017, section 3): top-down pathway and lateral connections. */
final class Fpn {
  private final Conv[] lateral = new Conv[4];
  private final Conv[] smooth = new Conv[4];

  Fpn(Parameters parameters) {
    for (int i = 0; i < 4; i++) {
      int level = i + 2;
      lateral[i] = new Conv(parameters, "fpn_c" + level + "p" + level, 1, 0, false);
      smooth[i] = new Conv(parameters, "fpn_p" + level, 1, 1, false);
    }
  }

  /**
   * The pyramid.
   *
   * @param c C2..C5
   * @return P2..P6, at 1/4 to 1/64 of the image; P6 is every second cell of P5
   */
  Variable[] forward(Tape tape, Variable[] c) {
    Variable[] p = new Variable[5];
    Variable top = lateral[3].forward(tape, c[3]);
    p[3] = smooth[3].forward(tape, top);
    for (int i = 2; i >= 0; i--) {
      Variable side = lateral[i].forward(tape, c[i]);
      Variable sum = Functions.upsampleAdd(tape, top, side);
      tape.release(side);
      tape.release(top);
      p[i] = smooth[i].forward(tape, sum);
      top = sum;
    }
    tape.release(top);
    p[4] = Functions.subsample(tape, p[3]);
    return p;
  }
}
