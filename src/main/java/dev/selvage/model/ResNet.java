package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ConvBn;
import dev.selvage.nn.Functions;
import dev.selvage.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The bottom-up pathway (He et al. 2015), with the stride of a stage in its first block: in the
 * first convolution, or by STRIDE_IN_1X1 in the 3x3 one.
 */
final class ResNet {
  /** One residual block; shortcut is null where the input is added as it is. */
  private record Block(List<ConvBn> branch, ConvBn shortcut) {
    Variable forward(Tape tape, Variable x) {
      Variable residual = shortcut == null ? x : shortcut.forward(tape, x, null);
      Variable y = x;
      for (int i = 0; i < branch.size(); i++) {
        Variable input = y;
        boolean last = i == branch.size() - 1;
        y = branch.get(i).forward(tape, input, last ? residual : null);
        if (i > 0) {
          tape.release(input);
        }
      }
      if (shortcut != null) {
        tape.release(residual);
      }
      return y;
    }
  }

  private final ConvBn stem;
  private final List<List<Block>> stages = new ArrayList<>();

  ResNet(Backbone backbone, boolean strideIn1x1, Parameters parameters, Boolean trainBn) {
    stem = new ConvBn(parameters, "conv1", "bn_conv1", 2, 3, true, trainBn);
    for (int stage = 2; stage <= 5; stage++) {
      List<Block> blocks = new ArrayList<>();
      for (int b = 0; b < backbone.blocks(stage); b++) {
        int stride = b == 0 && stage > 2 ? 2 : 1;
        blocks.add(
            block(
                backbone,
                strideIn1x1,
                parameters,
                trainBn,
                Backbone.blockName(stage, b),
                stride,
                b == 0));
      }
      stages.add(blocks);
    }
  }

  private static Block block(
      Backbone backbone,
      boolean strideIn1x1,
      Parameters parameters,
      Boolean trainBn,
      String name,
      int stride,
      boolean first) {
    List<ConvBn> branch = new ArrayList<>();
    if (backbone.bottleneck()) {
      int in1x1 = strideIn1x1 ? stride : 1;
      branch.add(layer(parameters, trainBn, name, "2a", in1x1, 0, true));
      branch.add(layer(parameters, trainBn, name, "2b", stride / in1x1, 1, true));
      branch.add(layer(parameters, trainBn, name, "2c", 1, 0, true));
    } else {
      branch.add(layer(parameters, trainBn, name, "2a", stride, 1, true));
      branch.add(layer(parameters, trainBn, name, "2b", 1, 1, true));
    }
    return new Block(
        branch, first ? layer(parameters, trainBn, name, "1", stride, 0, false) : null);
  }

  private static ConvBn layer(
      Parameters parameters,
      Boolean trainBn,
      String block,
      String branch,
      int stride,
      int pad,
      boolean relu) {
    String suffix = block + "_branch" + branch;
    return new ConvBn(parameters, "res" + suffix, "bn" + suffix, stride, pad, relu, trainBn);
  }

  /**
   * The feature maps of an image.
   *
   * @param images [N,H,W,3], mean pixel subtracted
   * @return C2..C5, at 1/4 to 1/32 of the image
   */
  Variable[] forward(Tape tape, Variable images) {
    Variable raw = stem.forward(tape, images, null);
    Variable x = Functions.maxPool(tape, raw);
    tape.release(raw);
    Variable[] c = new Variable[stages.size()];
    for (int s = 0; s < c.length; s++) {
      List<Block> blocks = stages.get(s);
      for (int b = 0; b < blocks.size(); b++) {
        Variable y = blocks.get(b).forward(tape, x);
        if (b > 0 || s == 0) {
          tape.release(x); // the input of a later stage's first block is one of C2..C4
        }
        x = y;
      }
      c[s] = x;
    }
    return c;
  }
}
