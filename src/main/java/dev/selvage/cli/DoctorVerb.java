package dev.selvage.cli;

import dev.selvage.UserError;
import dev.selvage.doctor.Machine;
import dev.selvage.doctor.OpChecks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** {@code doctor}: the machine, and one operation of each kind against its reference. */
final class DoctorVerb implements Verb {
  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "says what machine, Java, native library and GPU there are, and checks the native operations";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public Options options() {
    return Arguments.with(Compute.DEVICE, Compute.THREADS, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Compute.choose(line);
    Map<String, String> facts = Machine.facts();
    List<OpChecks.Result> results = OpChecks.run();
    if (line.hasOption(Arguments.JSON)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("machine", facts);
      json.put("checks", results);
      Arguments.printJson(json);
    } else {
      facts.forEach((name, value) -> System.out.printf("%-16s %s%n", name, value));
      System.out.println();
      for (OpChecks.Result r : results) {
        System.out.printf(
            "%-24s error %.1e, limit %.1e  %s%n",
            r.op(), r.error(), r.limit(), r.passed() ? "ok" : "WRONG");
      }
    }
    List<String> failed =
        results.stream().filter(r -> !r.passed()).map(OpChecks.Result::op).toList();
    if (!failed.isEmpty()) {
      throw new UserError(
          "doctor: expected every operation within its limit, found " + failed + " beyond it");
    }
  }
}
