package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private final AtomicInteger open = new AtomicInteger();

  /** Counts what is loaded and not yet closed. */
  private final class Item implements AutoCloseable {
    private final int number;

    Item(int number) {
      this.number = number;
      open.incrementAndGet();
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  @Test
  void handsOnEveryItemInOrderAndClosesIt() {
    List<String> seen = new ArrayList<>();
    Thread caller = Thread.currentThread();
    new Pipeline<Item, Integer>(
            i -> i % 3 == 2 ? Optional.empty() : Optional.of(new Item(i)),
            item -> Thread.currentThread() == caller ? item.number * item.number : -1,
            (i, squared) -> seen.add(i + ":" + squared.map(String::valueOf).orElse("none")))
        .run(7);
    assertEquals(List.of("0:0", "1:1", "2:none", "3:9", "4:16", "5:none", "6:36"), seen);
    assertEquals(0, open.get());
  }

  @Test
  void throwsWhatAnyPartThrows() {
    for (String broken : List.of("load", "compute", "finish")) {
      Pipeline<Item, Integer> pipeline =
          new Pipeline<>(
              i -> Optional.of(failAt(broken, "load", i) ? null : new Item(i)),
              item -> failAt(broken, "compute", item.number) ? 0 : item.number,
              (i, c) -> failAt(broken, "finish", i));
      UserError error = assertThrows(UserError.class, () -> pipeline.run(100));
      assertEquals(broken, error.getMessage());
      assertEquals(0, open.get(), "items left open by a failing " + broken);
    }
  }

  /** Too little memory, which the command line has a sentence for. */
  @Test
  void throwsErrorsAsTheyAre() {
    OutOfMemoryError error = new OutOfMemoryError();
    Pipeline<Item, Integer> pipeline =
        new Pipeline<>(
            i -> {
              if (i == 3) {
                throw error;
              }
              return Optional.of(new Item(i));
            },
            item -> item.number,
            (i, c) -> {});
    assertSame(error, assertThrows(OutOfMemoryError.class, () -> pipeline.run(100)));
    assertEquals(0, open.get());
  }

  /** What is being loaded when another part fails is closed too. */
  @Test
  void closesWhatIsLoadedWhenAnotherPartFails() {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    Pipeline<Item, Integer> pipeline =
        new Pipeline<>(
            i -> {
              Item item = new Item(i);
              if (i == 1) {
                loading.countDown();
                await(failing);
                sleep(50);
              }
              return Optional.of(item);
            },
            item -> {
              await(loading);
              failing.countDown();
              throw new UserError("compute");
            },
            (i, c) -> {});
    assertThrows(UserError.class, () -> pipeline.run(100));
    assertEquals(0, open.get());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void loadsOnlyAFewItemsAhead() {
    AtomicInteger most = new AtomicInteger();
    new Pipeline<Item, Integer>(
            i -> {
              Item item = new Item(i);
              most.accumulateAndGet(open.get(), Math::max);
              return Optional.of(item);
            },
            item -> item.number,
            (i, c) -> {})
        .run(200);
    assertTrue(most.get() <= 5, "open at once: " + most);
  }

  private static boolean failAt(String broken, String part, int item) {
    if (broken.equals(part) && item == 10) {
      throw new UserError(part);
    }
    return false;
  }
}
