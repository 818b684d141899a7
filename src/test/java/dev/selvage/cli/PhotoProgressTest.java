package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PhotoProgressTest {
  @Test
  void endsAfterAPhotoWhereASignalAsksForIt() throws ReflectiveOperationException {
    try (PhotoProgress progress = new PhotoProgress("test")) {
      progress.photos(3);
      progress.photo();
      Class<?> signal = Class.forName("sun.misc.Signal");
      signal
          .getMethod("raise", signal)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"));
      assertThrows(
          StopSignal.Stopped.class,
          () -> {
            while (true) { // the signal arrives later, on a thread of its own
              progress.photo();
              Thread.onSpinWait();
            }
          });
    }
  }
}
