package dev.selvage.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ScopeTest {
  @Test
  void closingFreesWhatTheScopeOwns() {
    long before = Tensor.live();
    Tensor a;
    Tensor b;
    try (Scope scope = Scope.open()) {
      a = Tensor.zeros(2, 3);
      b = Tensor.zeros(4);
      assertSame(scope, a.owner());
      assertEquals(before + 2, Tensor.live());
    }
    assertTrue(a.isClosed());
    assertTrue(b.isClosed());
    assertEquals(before, Tensor.live());
  }

  @Test
  void aNewTensorBelongsToTheInnermostScope() {
    try (Scope outer = Scope.open()) {
      try (Scope inner = Scope.open()) {
        assertSame(inner, Tensor.zeros(1).owner());
      }
      assertSame(outer, Tensor.zeros(1).owner());
    }
  }

  @Test
  void keepHandsATensorToTheScopeAround() {
    try (Scope outer = Scope.open()) {
      Tensor kept;
      Tensor freed;
      try (Scope inner = Scope.open()) {
        kept = inner.keep(Tensor.of(new float[] {7}, 1));
        freed = Tensor.zeros(1);
      }
      assertTrue(freed.isClosed());
      assertSame(outer, kept.owner());
      assertEquals(7f, kept.download()[0]);
    }
  }

  @Test
  void keepLeavesATensorOfAnotherScopeThere() {
    try (Scope outer = Scope.open();
        Scope other = Scope.detached()) {
      Tensor tensor = other.adopt(Tensor.zeros(1));
      try (Scope inner = Scope.open()) {
        assertSame(tensor, inner.keep(tensor));
      }
      assertSame(other, tensor.owner());
      assertSame(outer, Scope.current());
    }
  }

  @Test
  void theOutermostScopeCannotHandATensorOn() {
    try (Scope outermost = Scope.open()) {
      Tensor tensor = Tensor.zeros(1);
      assertThrows(IllegalStateException.class, () -> outermost.keep(tensor));
      assertSame(outermost, tensor.owner());
    }
  }

  @Test
  void adoptTakesATensorOverFromItsScope() {
    try (Scope outer = Scope.open()) {
      Tensor adopted;
      try (Scope inner = Scope.open()) {
        adopted = Tensor.zeros(1);
        assertSame(inner, adopted.owner());
        outer.adopt(adopted);
      }
      assertFalse(adopted.isClosed());
      assertSame(outer, adopted.owner());
    }
  }

  @Test
  void adoptingATensorTwiceChangesNothing() {
    Tensor tensor;
    try (Scope scope = Scope.open()) {
      tensor = Tensor.zeros(1);
      assertSame(tensor, scope.adopt(tensor));
      assertSame(scope, tensor.owner());
    }
    assertTrue(tensor.isClosed());
  }

  @Test
  void aDetachedScopeOwnsOnlyWhatItAdopts() {
    Scope detached = Scope.detached();
    Tensor adopted;
    try (Scope current = Scope.open()) {
      assertSame(current, Scope.current());
      adopted = detached.adopt(Tensor.zeros(1));
      assertSame(current, Tensor.zeros(1).owner());
    }
    assertFalse(adopted.isClosed());
    detached.close();
    assertTrue(adopted.isClosed());
  }

  @Test
  void aDetachedScopeMayBeClosedBetweenNestedOnes() {
    Scope detached = Scope.detached();
    try (Scope outer = Scope.open()) {
      Tensor tensor = detached.adopt(Tensor.zeros(1));
      detached.close();
      assertTrue(tensor.isClosed());
      assertSame(outer, Scope.current());
    }
  }

  @Test
  void scopesMustBeClosedInReverseOrder() {
    try (Scope outer = Scope.open()) {
      Tensor tensor = Tensor.zeros(1);
      try (Scope inner = Scope.open()) {
        assertThrows(IllegalStateException.class, outer::close);
        assertSame(inner, Scope.current());
        assertFalse(tensor.isClosed());
      }
    }
  }

  @Test
  void aScopeBelongsToTheThreadThatOpenedIt() throws InterruptedException {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.zeros(1);
      Throwable[] thrown = new Throwable[2];
      Thread other =
          new Thread(
              () -> {
                thrown[0] = assertThrows(IllegalStateException.class, scope::close);
                thrown[1] = assertThrows(IllegalStateException.class, () -> Tensor.zeros(1));
              },
              "other");
      other.start();
      other.join();
      assertTrue(thrown[1].getMessage().contains("other"), thrown[1].getMessage());
      assertFalse(tensor.isClosed());
    }
  }

  @Test
  void withoutAScopeNothingIsMade() {
    long before = Tensor.live();
    assertThrows(IllegalStateException.class, () -> Tensor.allocate(2));
    assertEquals(before, Tensor.live());
  }

  @Test
  void anExceptionFreesTheTensorsAndRestoresTheScopeAround() {
    long before = Tensor.live();
    try (Scope outer = Scope.open()) {
      UnsupportedOperationException thrown = new UnsupportedOperationException("from the body");
      assertSame(
          thrown,
          assertThrows(
              UnsupportedOperationException.class,
              () ->
                  Scope.run(
                      () -> {
                        Tensor.zeros(3);
                        Tensor.zeros(3);
                        throw thrown;
                      })));
      assertEquals(before, Tensor.live());
      assertSame(outer, Scope.current());
    }
  }

  @Test
  void callGivesTheResultAndFreesItsTensors() {
    long before = Tensor.live();
    float sum = Scope.call(() -> (float) Ops.sum(Tensor.of(new float[] {1, 2, 4}, 3)));
    assertEquals(7f, sum);
    assertEquals(before, Tensor.live());
  }

  @Test
  void runTouchesTensorsOfTheScopeAround() {
    try (Scope outer = Scope.open()) {
      Tensor tensor = Tensor.zeros(1);
      Scope.run(() -> Ops.add(tensor, Tensor.of(new float[] {5}, 1)));
      assertSame(outer, tensor.owner());
      assertEquals(5f, tensor.download()[0]);
    }
  }

  @Test
  void aTensorThatIsClosedEarlyIsNotFreedAgain() {
    long before = Tensor.live();
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.zeros(1);
      assertSame(scope, tensor.owner());
      tensor.close();
      tensor.close();
      assertEquals(before, Tensor.live());
    }
    assertEquals(before, Tensor.live());
  }
}
