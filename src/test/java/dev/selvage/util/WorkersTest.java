package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void resultsComeInTheOrderOfTheTasks() {
    List<Supplier<Integer>> tasks = List.of(() -> 3, () -> 1, () -> 2);
    List<Integer> results = new ArrayList<>();
    Workers.run(3, tasks, results::add);
    assertEquals(List.of(3, 1, 2), results);
  }

  /** Exceptions and errors alike: the command line has a sentence for too little memory. */
  @Test
  void whatATaskThrowsIsThrownAsItIs() {
    UserError exception = new UserError("a bad row");
    assertSame(exception, assertThrows(UserError.class, () -> run(exception)));
    OutOfMemoryError error = new OutOfMemoryError();
    assertSame(error, assertThrows(OutOfMemoryError.class, () -> run(error)));
  }

  private static void run(Throwable failure) {
    Supplier<Integer> task =
        () -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) failure;
        };
    Workers.run(2, List.of(() -> 1, task, () -> 2), result -> {});
  }
}
