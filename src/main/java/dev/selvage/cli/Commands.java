package dev.selvage.cli;

import dev.selvage.cli.bench.BenchCommands;
import dev.selvage.cli.command.CommandTable;
import dev.selvage.cli.command.CommandTable.Section;
import java.util.List;

/** The commands of the program, in the order in which a new user needs them. */
final class Commands {
  static final CommandTable ALL =
      new CommandTable(
          List.of(
              new Section(
                  "Train and use a model",
                  List.of(
                      new SampleCommand(),
                      new InspectCommand(),
                      new TrainCommand(),
                      new EvaluateCommand(),
                      new TuneCommand(),
                      new PredictCommand(),
                      new ServeCommand(),
                      new SubmitCommand())),
              new Section(
                  "Work with datasets, runs and weights",
                  List.of(
                      new StudioCommand(),
                      new ResizeCommand(),
                      new PlotCommand(),
                      new ConfigCommand(),
                      new WeightsCommand())),
              new Section(
                  "Check this machine", List.of(BenchCommands.group(), new DoctorCommand()))));

  private Commands() {}
}
