package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.doctor.KernelChecks;
import dev.selvage.doctor.OpChecks;
import dev.selvage.doctor.SystemInfo;
import dev.selvage.runtime.CudaLibrary;
import dev.selvage.runtime.Native;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.cli.CommandLine;

/**
 * {@code doctor}: the machine, and one operation of each kind against its reference; on a GPU every
 * kernel, by the native tests' table.
 */
final class DoctorCommand implements Command {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "show the processor, Java, native library and GPU, and test the operations";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("doctor", "doctor --device cuda");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.DEVICE, DeviceOptions.DEVICE, DeviceOptions.THREADS)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    DeviceOptions.choose(line);
    boolean json = line.hasOption(Arguments.JSON);
    Map<String, String> facts = SystemInfo.facts();
    if (!json) {
      facts.forEach((name, value) -> System.out.printf("%-16s %s%n", name, value));
      System.out.println();
    }
    List<OpChecks.Result> operations = OpChecks.run();
    if (!json) {
      operations.forEach(DoctorCommand::print);
    }
    List<KernelChecks.Result> kernels = kernels(json ? r -> {} : DoctorCommand::print);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("machine", facts);
      all.put("checks", operations);
      all.put("kernels", kernels);
      Arguments.printJson(all);
    }
    List<String> failed = new ArrayList<>();
    operations.stream().filter(r -> !r.passed()).forEach(r -> failed.add(r.op()));
    kernels.stream().filter(r -> !r.passed()).forEach(r -> failed.add(r.kernel()));
    if (!failed.isEmpty()) {
      throw new UserError(
          "doctor: expected every operation within its limit, found " + failed + " beyond it");
    }
    if (!json && !kernels.isEmpty()) {
      System.out.printf(
          "%nall %d kernels compute on %s what they should%n",
          kernels.size(), Native.selectedDevice().getString());
    }
  }

  /** On a GPU the native tests' whole table; none on the CPU. */
  private static List<KernelChecks.Result> kernels(Consumer<KernelChecks.Result> each) {
    if (Native.selectedDevice().getString().equals("cpu")) {
      return List.of();
    }
    Path library =
        CudaLibrary.checks()
            .orElseThrow(
                () ->
                    new UserError(
                        "doctor: expected libselvage_checks.so beside the CUDA library, found none"));
    String obstacle = DeviceOptions.openCudnn();
    if (!obstacle.isEmpty()) {
      System.err.println("selvage: no convolution is checked by cuDNN: " + obstacle);
    }
    return KernelChecks.run(library, each);
  }

  private static void print(OpChecks.Result r) {
    System.out.printf(
        "%-24s error %.1e, limit %.1e  %s%n",
        r.op(), r.error(), r.limit(), r.passed() ? "ok" : "WRONG");
  }

  private static void print(KernelChecks.Result r) {
    System.out.printf(
        "%-28s %3d cases, worst error %.1e, limit %.1e  %s%n",
        r.kernel(),
        r.cases(),
        r.error(),
        r.limit(),
        r.passed() ? "pass" : "FAIL: " + r.worstCase());
  }
}
