package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PhotoProgressTest {
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
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
            while (true) { // the signal comes on a thread of its own, at last
              progress.photo();
              Thread.onSpinWait();
            }
          });
    }
  }
}
