package dev.selvage.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.tensor.DType;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.Needs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({NoLeaks.class, OpenScope.class})
class TapeTest {
  private Tape tape;

  @BeforeEach
  void openTape() {
    tape = Tape.recording();
  }

  @AfterEach
  void closeTape() {
    tape.close();
  }

  @Test
  void rulesRunInReverseOrder() {
    List<String> order = new ArrayList<>();
    Variable x = tape.input(of(1));
    Variable first = tape.record(of(1), dy -> pass(order, "first", dy, x));
    Variable second = tape.record(of(1), dy -> pass(order, "second", dy, first));
    Variable third = tape.record(of(1), dy -> pass(order, "third", dy, second));
    third.addGradient(of(3));
    tape.backward();
    assertEquals(List.of("third", "second", "first"), order);
    assertArrayEquals(new float[] {3}, x.gradient().download());
  }

  @Test
  void aRuleRunsOnceAndWithTheWholeGradient() {
    Variable x = tape.input(of(1));
    List<Float> seen = new ArrayList<>();
    Variable shared =
        tape.record(
            of(1),
            dy -> {
              seen.add(dy.download()[0]);
              x.addGradient(Ops.copy(dy));
            });
    Variable left = tape.record(of(1), dy -> shared.addGradient(times(dy, 10)));
    Variable right = tape.record(of(1), dy -> shared.addGradient(times(dy, 100)));
    left.addGradient(of(1));
    right.addGradient(of(2));
    tape.backward();
    tape.backward();
    assertEquals(List.of(210f), seen);
    assertArrayEquals(new float[] {210}, x.gradient().download());
  }

  /** Of the output of a ReLU, [1, 0, 2], the second value passes nothing on, whoever adds to it. */
  @Test
  void theGradientOfAReluIsAppliedOnceAllPathsAreAdded() {
    Variable x = tape.input(of(1, -1, 2));
    Variable relu = tape.record(of(1, 0, 2), true, dy -> x.addGradient(Ops.copy(dy)));
    List<List<Boolean>> given = new ArrayList<>();
    for (float factor : new float[] {1, 10}) {
      Variable y =
          tape.record(
              of(1, 1, 1),
              dy ->
                  relu.addGradient(
                      (others, activation) -> {
                        given.add(List.of(others != null, activation == relu.value()));
                        return sumAndMask(times(dy, factor), others, activation);
                      }));
      y.addGradient(of(1, 1, 1));
    }
    Variable last = tape.record(of(1, 1, 1), dy -> relu.addGradient(Ops.copy(dy)));
    last.addGradient(of(100, 100, 100));
    tape.backward();
    assertEquals(List.of(List.of(true, true), List.of(true, true)), given);
    assertArrayEquals(new float[] {111, 0, 111}, x.gradient().download());
  }

  /** What is added after a contribution with the ReLU's gradient has to be masked, too. */
  @Test
  void theGradientOfAReluIsAppliedToWhatIsAddedLast() {
    Variable x = tape.input(of(1, -1));
    Variable relu = tape.record(of(1, 0), true, dy -> x.addGradient(Ops.copy(dy)));
    Variable last = tape.record(of(1, 1), dy -> relu.addGradient(Ops.copy(dy)));
    Variable first =
        tape.record(
            of(1, 1),
            dy ->
                relu.addGradient(
                    (others, activation) -> sumAndMask(Ops.copy(dy), others, activation)));
    last.addGradient(of(1, 1));
    first.addGradient(of(10, 10));
    tape.backward();
    assertArrayEquals(new float[] {11, 0}, x.gradient().download());
  }

  private static Tensor sumAndMask(Tensor dx, Tensor others, Tensor activation) {
    if (others != null) {
      Ops.add(dx, others);
    }
    if (activation != null) {
      Ops.reluGradInPlace(dx, activation);
    }
    return dx;
  }

  @Test
  void aRuleWithoutAGradientIsPassedOver() {
    Tensor saved = of(5);
    List<String> order = new ArrayList<>();
    tape.record(of(1), dy -> order.add("unused"), saved);
    Variable used = tape.record(of(1), dy -> order.add("used"));
    used.addGradient(of(1));
    tape.backward();
    assertEquals(List.of("used"), order);
    assertTrue(saved.isClosed(), "what it saved is freed all the same");
  }

  @Test
  void theFirstGradientIsTakenAndLaterOnesAreAdded() {
    Variable x = tape.input(of(0, 0));
    assertNull(x.gradient());
    Tensor first = of(1, 2);
    Tensor second = of(10, 20);
    x.addGradient(first);
    assertSame(first, x.gradient());
    x.addGradient(second);
    assertSame(first, x.gradient());
    assertArrayEquals(new float[] {11, 22}, first.download());
    assertArrayEquals(new float[] {10, 20}, second.download());
  }

  @Test
  void aGradientOutlivesTheScopeItWasMadeIn() {
    Variable x = tape.input(of(0));
    Scope.run(() -> x.addGradient(of(4)));
    assertArrayEquals(new float[] {4}, x.gradient().download());
    tape.close();
    assertTrue(x.gradient().isClosed());
  }

  @Test
  void aRuleThatAddsIntoTheGradientBeginsAtZero() {
    addIntoTheGradientOf(DType.F32);
  }

  @Test
  void soDoesOneOfAShortType() {
    Needs.bf16("a rule that adds into the gradient");
    addIntoTheGradientOf(DType.BF16);
  }

  private void addIntoTheGradientOf(DType type) {
    Variable x = tape.input(Tensor.zeros(type, 2));
    Tensor gradient = x.gradientToAddInto();
    assertEquals(type, gradient.type());
    assertArrayEquals(new float[2], gradient.download());
    gradient.fill(2f);
    assertSame(gradient, x.gradientToAddInto());
    assertArrayEquals(new float[] {2, 2}, x.gradient().download());
  }

  @Test
  void aGradientIsNoView() {
    Tensor base = of(1, 2);
    Variable input = tape.input(of(0));
    Variable constant = tape.constant(of(0));
    for (Variable variable : List.of(input, constant)) {
      assertThrows(IllegalArgumentException.class, () -> variable.addGradient(base.view(0, 1)));
      assertNull(variable.gradient());
    }
  }

  @Test
  void aConstantTakesNoGradient() {
    Variable x = tape.constant(of(1));
    Tensor ignored = of(1);
    x.addGradient(ignored);
    assertFalse(x.requiresGrad());
    assertNull(x.gradient());
    assertFalse(ignored.isClosed());
  }

  @Test
  void temporariesOfARuleAreFreedWhenItIsDone() {
    List<Tensor> temporaries = new ArrayList<>();
    Variable x = tape.input(of(1));
    Variable first =
        tape.record(
            of(1),
            dy -> {
              assertTrue(temporaries.stream().allMatch(Tensor::isClosed));
              assertEquals(2, temporaries.size());
              x.addGradient(Ops.copy(dy));
            });
    Variable second =
        tape.record(
            of(1),
            dy -> {
              temporaries.add(dy);
              temporaries.add(of(1, 2, 3));
              first.addGradient(Ops.copy(dy));
            });
    second.addGradient(of(6));
    tape.backward();
    assertArrayEquals(new float[] {6}, x.gradient().download());
  }

  @Test
  void aValueThatTwoRulesNeedIsFreedAfterTheLast() {
    Tensor needed = of(7);
    List<Boolean> closed = new ArrayList<>();
    Variable x = tape.input(of(1));
    Variable first = tape.record(of(1), dy -> closed.add(needed.isClosed()), needed);
    Variable between =
        tape.record(
            of(1),
            dy -> {
              closed.add(needed.isClosed());
              first.addGradient(Ops.copy(dy));
            });
    Variable last =
        tape.record(
            of(1),
            dy -> {
              closed.add(needed.isClosed());
              between.addGradient(Ops.copy(dy));
              x.addGradient(Ops.copy(dy));
            },
            needed);
    last.addGradient(of(1));
    assertFalse(needed.isClosed());
    tape.backward();
    assertEquals(List.of(false, false, false), closed);
    assertTrue(needed.isClosed());
  }

  /** The walk frees each value at once, not all of them at the end. */
  @Test
  void aValueIsFreedBeforeTheRulesThatDoNotNeedIt() {
    Tensor needed = of(7);
    List<Boolean> closed = new ArrayList<>();
    Variable first = tape.record(of(1), dy -> closed.add(needed.isClosed()));
    Variable second = tape.record(of(1), dy -> first.addGradient(Ops.copy(dy)), needed);
    second.addGradient(of(1));
    tape.backward();
    assertEquals(List.of(true), closed);
  }

  @Test
  void aSavedValueOutlivesTheScopeOfTheForwardPass() {
    Tensor[] saved = new Tensor[1];
    List<Float> read = new ArrayList<>();
    Variable[] output = new Variable[1];
    Scope.run(
        () -> {
          saved[0] = of(7);
          output[0] = tape.record(of(1), dy -> read.add(saved[0].download()[0]), saved[0]);
        });
    output[0].addGradient(of(1));
    tape.backward();
    assertEquals(List.of(7f), read);
  }

  @Test
  void aSavedViewKeepsItsBase() {
    Tensor base = of(1, 2, 3);
    Tensor view = base.view(1, 2);
    List<float[]> read = new ArrayList<>();
    Variable y = tape.record(of(1), dy -> read.add(view.download()), view);
    tape.release(new Variable(tape, base, false, false));
    assertFalse(base.isClosed());
    y.addGradient(of(1));
    tape.backward();
    assertArrayEquals(new float[] {2, 3}, read.get(0));
    assertTrue(view.isClosed());
    assertTrue(base.isClosed());
  }

  @Test
  void releaseFreesAValueThatNoRuleNeeds() {
    Variable needed = tape.input(of(1));
    Variable notNeeded = tape.input(of(1));
    tape.record(of(1), dy -> {}, needed.value());
    tape.release(needed);
    tape.release(notNeeded);
    assertFalse(needed.value().isClosed());
    assertTrue(notNeeded.value().isClosed());
  }

  @Test
  void nothingIsRecordedOnATapeThatIsOff() {
    try (Tape off = Tape.off()) {
      assertFalse(off.isRecording());
      assertFalse(off.input(of(1)).requiresGrad());
      assertFalse(off.constant(of(1)).requiresGrad());
      off.backward();
    }
    assertTrue(tape.isRecording());
    assertTrue(tape.input(of(1)).requiresGrad());
  }

  @Test
  void closingFreesWhatRulesAndGradientsHold() {
    Tensor saved = of(1);
    Tensor gradient = of(1);
    List<Integer> ran = new ArrayList<>();
    Variable y = tape.record(of(1), dy -> ran.add(1), saved);
    y.addGradient(gradient);
    tape.close();
    assertTrue(saved.isClosed());
    assertTrue(gradient.isClosed());
    tape.backward();
    assertEquals(List.of(), ran);
  }

  @Test
  void anExceptionInARuleLosesNothing() {
    Tensor saved = of(1);
    Variable y =
        tape.record(
            of(1),
            dy -> {
              of(1, 2, 3);
              throw new UnsupportedOperationException();
            },
            saved);
    y.addGradient(of(1));
    assertThrows(UnsupportedOperationException.class, tape::backward);
    tape.close();
    assertTrue(saved.isClosed()); // NoLeaks counts the rest
  }

  @Test
  void aListenerSeesEveryValueAndGradientInOrder() {
    List<String> seen = new ArrayList<>();
    try (Tape watched = Tape.withListener(true, listener(seen))) {
      assertTrue(watched.isRecording());
      watched.constant(of(0));
      watched.annotate("conv", "a");
      Variable a = watched.input(of(1));
      Variable[] out = new Variable[1];
      Variable b = watched.record(of(2), dy -> a.addGradient(times(dy, 10)));
      watched.annotate("scatter", "b");
      out[0] =
          watched.record(
              of(3),
              dy -> {
                b.addGradient(times(dy, 100));
                Ops.add(b.gradientToAddInto(), dy);
              });
      out[0].addGradient(of(1));
      seen.add("backward");
      watched.backward();
    }
    assertEquals(
        List.of(
            "value moldImages input_image 0.0",
            "next conv a forward",
            "value conv a 2.0",
            "next scatter b forward",
            "value scatter b 3.0",
            "gradient scatter b 1.0",
            "backward",
            "next scatter b backward",
            "gradient scatter b 100.0",
            "gradient scatter b 101.0", // what it was added into, once it is done
            "passed scatter b",
            "next conv a backward",
            "gradient conv a 1010.0",
            "passed conv a"),
        seen);
  }

  @Test
  void aTapeWithoutAListenerIsAnOrdinaryOne() {
    try (Tape training = Tape.withListener(true, null);
        Tape inference = Tape.withListener(false, null)) {
      Variable x = training.input(of(1));
      Variable y = training.record(of(1), dy -> Ops.add(x.gradientToAddInto(), dy));
      y.addGradient(of(3));
      training.backward();
      assertArrayEquals(new float[] {3}, x.gradient().download());
      assertFalse(inference.isRecording());
    }
  }

  @Test
  void aListenerMayEndTheStep() {
    TapeListener listener =
        new TapeListener() {
          @Override
          public void value(String op, String layer, Tensor value) {
            throw new UnsupportedOperationException(layer);
          }

          @Override
          public void gradient(String op, String layer, Tensor gradient) {}

          @Override
          public void passed(String op, String layer) {}
        };
    try (Tape watched = Tape.withListener(false, listener)) {
      assertFalse(watched.isRecording());
      watched.annotate("conv", "a");
      UnsupportedOperationException thrown =
          assertThrows(UnsupportedOperationException.class, () -> watched.constant(of(1)));
      assertEquals("a", thrown.getMessage());
    }
  }

  @Test
  void takingTheGradientLeavesNone() {
    Variable x = tape.input(of(1));
    Tensor gradient = of(2);
    x.addGradient(gradient);
    assertSame(gradient, x.takeGradient());
    assertNull(x.gradient());
  }

  private static TapeListener listener(List<String> seen) {
    return new TapeListener() {
      @Override
      public void next(String op, String layer, boolean backward) {
        seen.add("next " + op + " " + layer + (backward ? " backward" : " forward"));
      }

      @Override
      public void value(String op, String layer, Tensor value) {
        seen.add("value " + op + " " + layer + " " + value.download()[0]);
      }

      @Override
      public void gradient(String op, String layer, Tensor gradient) {
        seen.add("gradient " + op + " " + layer + " " + gradient.download()[0]);
      }

      @Override
      public void passed(String op, String layer) {
        seen.add("passed " + op + " " + layer);
      }
    };
  }

  private static void pass(List<String> order, String name, Tensor dy, Variable to) {
    order.add(name);
    to.addGradient(Ops.copy(dy));
  }

  private static Tensor times(Tensor x, float factor) {
    Tensor y = Ops.copy(x);
    Ops.scale(y, factor);
    return y;
  }

  private static Tensor of(float... values) {
    return Tensor.of(values, values.length);
  }
}
