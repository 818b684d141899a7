package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.doctor.OperationChecks;
import dev.selvage.doctor.SystemInfo;
import dev.selvage.runtime.Native;
import dev.selvage.util.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code doctor}: describes the machine, and checks each operation on the selected device. */
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
  public boolean usesPictures() {
    return false;
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
    String device = Native.selectedDevice().getString();
    if (!device.equals("cpu")) {
      String obstacle = DeviceOptions.openCudnn();
      if (!obstacle.isEmpty()) {
        System.err.println("selvage: no convolution is checked by cuDNN: " + obstacle);
      }
    }
    List<OperationChecks.Result> checks =
        OperationChecks.run(json ? r -> {} : DoctorCommand::print);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("machine", facts);
      all.put("checks", checks);
      Arguments.printJson(all);
    }
    List<String> failed =
        checks.stream().filter(r -> !r.passed()).map(OperationChecks.Result::operation).toList();
    if (!failed.isEmpty()) {
      throw new UserError(
          "doctor: expected every operation within its limit, found " + failed + " beyond it");
    }
    if (!json) {
      System.out.printf(
          "%nall %d operations are computed correctly on %s%n", checks.size(), device);
    }
  }

  private static void print(OperationChecks.Result r) {
    System.out.printf(
        "%-28s %3d cases, worst error %.1e, limit %.1e  %s%n",
        r.operation(),
        r.cases(),
        r.error(),
        r.limit(),
        r.passed() ? "pass" : "FAIL: " + r.worstCase());
  }
}
