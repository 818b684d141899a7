package dev.selvage.cli;

import dev.selvage.UserError;
import dev.selvage.runtime.Native;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where and with how many threads to compute. */
final class Compute {
  static final Option DEVICE =
      Arguments.value(
          "device",
          "DEVICE",
          "auto, cpu or cuda[:N] (default auto, which is cpu: this build has no CUDA backend)");
  static final Option THREADS =
      Arguments.value("threads", "N", "compute threads (default: one a processor)");

  private Compute() {}

  /** Applies {@code --device} and {@code --threads}. */
  static void choose(CommandLine line) {
    String device = line.getOptionValue(DEVICE, "auto");
    if (device.matches("cuda(:\\d+)?")) {
      throw new UserError(
          "option --device: expected auto or cpu, found '"
              + device
              + "': this build has no CUDA backend");
    }
    if (!device.equals("auto") && !device.equals("cpu")) {
      throw new UserError(
          "option --device: expected auto, cpu or cuda[:N], found '" + device + "'");
    }
    Native.setThreads(
        Arguments.integer(line, "threads", Runtime.getRuntime().availableProcessors(), 1));
  }
}
