package dev.selvage.doctor;

import dev.selvage.doctor.Reference.Convolution;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Ranges;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One native operation of each kind against its plain reference, on this machine, with this
 * library.
 */
public final class OpChecks {
  /**
   * How far an operation is from its reference.
   *
   * @param error relative L2; NaN never passes
   */
  public record Result(String op, double error, double limit) {
    public boolean passed() {
      return error <= limit;
    }
  }

  private static final double SUMS = 1e-5;
  private static final double SHORT = 1e-2;
  private static final Convolution CONV = new Convolution(2, 9, 7, 5, 6, 3, 2, 1);

  private final Random random = new Random(7);

  /** Runs all of them. */
  public static List<Result> run() {
    OpChecks checks = new OpChecks();
    return Scope.call(
        () -> {
          List<Result> results = new ArrayList<>(checks.inFloat());
          if (DType.BF16.available()) {
            results.add(checks.shortConvolution());
          }
          return results;
        });
  }

  private List<Result> inFloat() {
    return List.of(
        convolution(),
        dataGradient(),
        weightGradient(),
        deconvolution(),
        matmul(),
        batchNorm(),
        maxPool(),
        roiAlign(),
        propose(),
        softmaxCrossEntropy(),
        smoothL1(),
        maskLoss(),
        sgd());
  }

  private Result convolution() {
    float[] x = values(CONV.input());
    float[] w = values(CONV.weights());
    double[] expected = new double[size(CONV.output())];
    CONV.taps((i, k, o) -> expected[o] += (double) x[i] * w[k]);
    Tensor y =
        Ops.convBlock(
            Tensor.of(x, CONV.input()), Tensor.of(w, CONV.weights()), null, null, 2, 1, false);
    return new Result("conv_block", relative(y.download(), expected), SUMS);
  }

  private Result shortConvolution() {
    float[] x = values(CONV.input());
    float[] w = values(CONV.weights());
    double[] expected = new double[size(CONV.output())];
    CONV.taps((i, k, o) -> expected[o] += (double) x[i] * w[k]);
    Tensor maps = Ops.cast(Tensor.of(x, CONV.input()), DType.BF16);
    Tensor y = Ops.convBlock(maps, Tensor.of(w, CONV.weights()), null, null, 2, 1, false);
    return new Result("conv_block of bf16", relative(y.download(), expected), SHORT);
  }

  private Result dataGradient() {
    float[] dy = values(CONV.output());
    float[] w = values(CONV.weights());
    double[] expected = new double[size(CONV.input())];
    CONV.taps((i, k, o) -> expected[i] += (double) dy[o] * w[k]);
    Tensor dx =
        Ops.convDataGrad(
            CONV.input(), Tensor.of(dy, CONV.output()), Tensor.of(w, CONV.weights()), 2, 1);
    return new Result("conv_data_grad", relative(dx.download(), expected), SUMS);
  }

  private Result weightGradient() {
    float[] x = values(CONV.input());
    float[] dy = values(CONV.output());
    double[] expected = new double[size(CONV.weights())];
    CONV.taps((i, k, o) -> expected[k] += (double) x[i] * dy[o]);
    Tensor dw = Tensor.allocate(CONV.weights());
    Tensor db = Tensor.allocate(CONV.out());
    Ops.convWeightGrad(dw, db, Tensor.of(x, CONV.input()), Tensor.of(dy, CONV.output()), 2, 1);
    return new Result("conv_weight_grad", relative(dw.download(), expected), SUMS);
  }

  private Result deconvolution() {
    float[] x = values(2, 5, 3, 7);
    float[] w = values(2, 2, 6, 7);
    Tensor y =
        Ops.deconv2x2(Tensor.of(x, 2, 5, 3, 7), Tensor.of(w, 2, 2, 6, 7), Tensor.zeros(6), false);
    return new Result(
        "deconv2x2", relative(y.download(), Reference.deconv2x2(x, w, 2, 5, 3, 7, 6)), SUMS);
  }

  private Result matmul() {
    float[] a = values(33, 65);
    float[] b = values(65, 17);
    Tensor y = Ops.matmul(Tensor.of(a, 33, 65), Tensor.of(b, 65, 17), null, false);
    return new Result("matmul", relative(y.download(), Reference.matmul(a, b, 33, 65, 17)), SUMS);
  }

  /**
   * With gamma 1 and beta 0, every channel of the result has mean 0 and mean square var / (var +
   * eps).
   */
  private Result batchNorm() {
    float[] x = values(3, 5, 5, 1);
    double mean = IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
    double var =
        IntStream.range(0, x.length)
            .mapToDouble(i -> (x[i] - mean) * (x[i] - mean))
            .average()
            .orElseThrow();
    double[] expected =
        IntStream.range(0, x.length)
            .mapToDouble(i -> (x[i] - mean) / Math.sqrt(var + 1e-3))
            .toArray();
    Tensor one = Tensor.of(new float[] {1}, 1);
    Tensor y =
        Ops.batchNorm(
            Tensor.zeros(1),
            Tensor.zeros(1),
            Tensor.of(x, 3, 5, 5, 1),
            one,
            Tensor.zeros(1),
            1e-3f);
    return new Result("batch_norm", relative(y.download(), expected), SUMS);
  }

  private Result maxPool() {
    float[] x = values(1, 10, 8, 3);
    Tensor y = Ops.maxPool(Tensor.of(x, 1, 10, 8, 3));
    return new Result("max_pool", relative(y.download(), Reference.maxPool(x, 10, 8, 3)), 0);
  }

  /** A box over a quarter of a 512 pixel image belongs to level 4. */
  private Result roiAlign() {
    float[] p4 = values(1, 32, 32, 4);
    float[] box = {0.1f, 0.2f, 0.53f, 0.61f};
    Tensor[] pyramid = {
      Tensor.zeros(1, 128, 128, 4),
      Tensor.zeros(1, 64, 64, 4),
      Tensor.of(p4, 1, 32, 32, 4),
      Tensor.zeros(1, 16, 16, 4)
    };
    Tensor y = Ops.roiAlign(pyramid, Tensor.of(box, 1, 4), new int[] {0}, 7, 512, 512);
    return new Result(
        "roi_align", relative(y.download(), Reference.cropAndResize(p4, 32, 32, 4, box, 7)), SUMS);
  }

  /** Of two boxes that overlap by 2/3 the better one stays, before one that lies apart. */
  private Result propose() {
    float[] anchors = {0, 0, 0.5f, 0.5f, 0, 0.1f, 0.5f, 0.6f, 0.6f, 0.6f, 1, 1};
    float[] logits = {0, 1, 0, 3, 0, 2};
    Tensor y =
        Ops.propose(
            Tensor.of(logits, 1, 3, 2),
            Tensor.zeros(1, 3, 4),
            Tensor.of(anchors, 3, 4),
            3,
            3,
            0.6f,
            new float[] {0.1f, 0.1f, 0.2f, 0.2f});
    double[] expected = {0, 0.1f, 0.5f, 0.6f, 0.6f, 0.6f, 1, 1, 0, 0, 0, 0};
    return new Result("propose", relative(y.download(), expected), 1e-6);
  }

  private Result softmaxCrossEntropy() {
    float[] x = values(6, 5);
    int[] labels = {0, 4, -1, 2, 1, 3};
    Tensor loss = Tensor.allocate(1);
    Ops.softmaxCrossEntropy(loss, Tensor.allocate(6, 5), Tensor.of(x, 6, 5), labels);
    return scalar("softmax_cross_entropy", loss, Reference.softmaxCrossEntropy(x, labels, 5));
  }

  private Result smoothL1() {
    float[] a = values(9, 4);
    float[] b = values(9, 4);
    Tensor loss = Tensor.allocate(1);
    Ops.smoothL1(loss, Tensor.allocate(9, 4), Tensor.of(a, 9, 4), Tensor.of(b, 9, 4));
    return scalar("smooth_l1", loss, Reference.smoothL1(a, b));
  }

  private Result maskLoss() {
    float[] x = values(3, 4, 4);
    float[] target = new float[x.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = i % 2;
    }
    Tensor loss = Tensor.allocate(1);
    Ops.maskLoss(loss, Tensor.allocate(3, 4, 4), Tensor.of(x, 3, 4, 4), Tensor.of(target, 3, 4, 4));
    return scalar("mask_loss", loss, Reference.binaryCrossEntropy(x, target));
  }

  private Result sgd() {
    float[] p = values(33);
    float[] m = values(33);
    float[] g = values(33);
    double[] expected =
        IntStream.range(0, 33)
            .mapToDouble(i -> i == 20 ? p[i] : p[i] + 0.9 * m[i] - 0.1 * 0.5 * g[i])
            .toArray();
    Tensor tensor = Tensor.of(p, 33);
    Ranges stretches = new Ranges(new long[] {0, 21}, new long[] {20, 12});
    Ops.sgd(tensor, Tensor.of(m, 33), Tensor.of(g, 33), stretches, 0.1f, 0.9f, 0.5f);
    return new Result("sgd", relative(tensor.download(), expected), 1e-6);
  }

  private static Result scalar(String op, Tensor value, double expected) {
    return new Result(op, Math.abs(value.download()[0] - expected) / Math.abs(expected), 1e-6);
  }

  private float[] values(long... shape) {
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static int size(long... shape) {
    return Math.toIntExact(Tensor.count(shape));
  }

  private static double relative(float[] y, double[] expected) {
    if (y.length != expected.length) {
      return Double.NaN;
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < y.length; i++) {
      difference += (y[i] - expected[i]) * (y[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }
}
