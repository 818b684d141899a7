package dev.selvage.bench;

import java.io.IOException;

/**
 * The program of one busy process. Each byte that it reads is an order, which it repeats on its
 * output once it has been carried out. It ends when its input ends, so it never outlives the
 * process that started it.
 */
final class BusyLoop {
  /** The order to keep one core busy. */
  static final int SPIN = 's';

  /** The order to use no core. */
  static final int REST = 'r';

  /** The name of the thread that spins. */
  static final String THREAD = "busy";

  private static volatile boolean spinning;

  private BusyLoop() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Thread loop = null;
    for (int order = System.in.read(); order >= 0; order = System.in.read()) {
      spinning = order == SPIN;
      if (spinning) {
        loop = new Thread(BusyLoop::spin, THREAD);
        loop.setDaemon(true);
        loop.start();
      } else {
        if (loop != null) {
          loop.join();
        }
        answer(REST);
      }
    }
  }

  private static void spin() {
    answer(SPIN);
    while (spinning) {
      // nothing else: the loop itself is the work
    }
  }

  private static void answer(int order) {
    System.out.write(order);
    System.out.flush();
  }
}
