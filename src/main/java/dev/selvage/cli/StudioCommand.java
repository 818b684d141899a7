package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DatasetOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.cli.options.RunOptions;
import dev.selvage.config.Config;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.http.Routes;
import dev.selvage.runtime.NativeException;
import dev.selvage.runtime.NativeLibraries;
import dev.selvage.serve.LazyPrediction;
import dev.selvage.serve.Limits;
import dev.selvage.serve.LoadedModel;
import dev.selvage.studio.Studio;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** {@code studio}: shows runs, data and results in a browser. */
final class StudioCommand implements Command {
  private static final int DEFAULT_PORT = 8642;

  /** Of photos that the pages try. */
  private static final Limits LIMITS = new Limits(100_000_000, Duration.ofMinutes(2));

  private static final int QUEUE = 8;

  /** How the model of {@code --weights} detects. */
  private static final Option[] OF_MODEL = {
    ConfigOptions.SET, TrainedModels.TUNED, TrainedModels.VIEWS
  };

  private static final Option[] DEVICE = DeviceOptions.with(PrecisionOption.OPTION);

  @Override
  public String name() {
    return "studio";
  }

  @Override
  public String summary() {
    return "show runs, data and results in a browser";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("studio", "studio --data data/sample --runs runs");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.DATA,
            Arguments.value(
                DatasetOptions.DATA.getLongOpt(),
                DatasetOptions.DATA.getArgName(),
                "dataset to look at, as for `inspect` and `train`"))
        .add(Section.MODEL, TrainedModels.WEIGHTS)
        .add(Section.MODEL, OF_MODEL)
        .add(Section.DEVICE, DEVICE)
        .add(Section.RUN, RunOptions.RUNS)
        .add(
            Section.OUTPUT,
            Arguments.value("port", "N", "port to listen on; 0: any that is free", DEFAULT_PORT),
            Arguments.value(
                "host",
                "H",
                "name or address of this machine to listen on; other machines can reach another"
                    + " one than the default, and then a token is needed, which is printed",
                Listen.LOOPBACK),
            Arguments.flag("no-open", "open no browser"));
  }

  @Override
  public boolean usesPictures() {
    return false; // the studio starts without native code
  }

  @Override
  public void run(CommandLine line) {
    int port = Arguments.integer(line, "port", DEFAULT_PORT, 0, 65_535);
    Optional<String> data = Optional.ofNullable(line.getOptionValue("data"));
    data.ifPresent(StudioCommand::requireExists);
    requireModel(line);
    requireUseOfDevice(line);
    Studio.Places places =
        new Studio.Places(
            RunOptions.folder(line), data, Optional.ofNullable(line.getOptionValue("weights")));
    Listen listen = Listen.on(line.getOptionValue("host", Listen.LOOPBACK), port, Optional.empty());
    Device device = new Device(line);
    try (StopSignal stop = StopSignal.open("the studio ends");
        LazyPrediction prediction = new LazyPrediction(() -> load(line, device), LIMITS, QUEUE);
        HttpService server =
            Studio.start(
                places,
                listen,
                config -> device.choose().withPrecision(config),
                places.weights().isPresent() ? prediction.routes() : new Routes())) {
      System.out.printf("Selvage studio: %s%nCtrl-C ends it.%n", server.entry());
      if (!line.hasOption("no-open")) {
        openBrowser(server.entry());
      }
      while (!stop.asked()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  /** The device, chosen when the first model is needed, and once: others may compute by then. */
  private static final class Device {
    private final CommandLine line;
    private boolean chosen;

    Device(CommandLine line) {
      this.line = line;
    }

    synchronized Device choose() {
      if (!chosen) {
        NativeLibraries.PHOTOS.unpack();
        DeviceOptions.choose(line);
        chosen = true;
      }
      return this;
    }

    Config withPrecision(Config config) {
      return PrecisionOption.apply(line, config);
    }
  }

  /** Called when a page tries the first photo. */
  private static LoadedModel load(CommandLine line, Device device) {
    try {
      device.choose();
      return ServeCommand.load(line, TrainedModels.among(line));
    } catch (NativeException e) {
      throw DeviceOptions.report(e);
    }
  }

  /** The model is loaded later; what can be wrong without that is told at the start. */
  private static void requireModel(CommandLine line) {
    for (Option option : OF_MODEL) {
      Arguments.requireTogether(line, option.getLongOpt(), "weights");
    }
    if (line.hasOption(TrainedModels.WEIGHTS)) {
      Stream.of(line.getOptionValues(TrainedModels.WEIGHTS))
          .filter(
              name -> !List.of("last", "best").contains(name)) // a run may be begun in the studio
          .forEach(name -> RunOptions.weights(line, name));
      TrainedModels.views(line, Optional.empty());
    }
  }

  /** Models compute where there are weights to try, or photos to judge the models of runs on. */
  private static void requireUseOfDevice(CommandLine line) {
    for (Option option : DEVICE) {
      if (line.hasOption(option) && !line.hasOption("weights") && !line.hasOption("data")) {
        throw new UserError(
            "option --%s has an effect only with --weights or --data"
                .formatted(option.getLongOpt()));
      }
    }
  }

  private static void requireExists(String data) {
    if (!Files.exists(Path.of(data))) {
      throw new UserError("--data: expected a dataset, found no %s".formatted(data));
    }
  }

  /** Where there is no desktop, or no such program, the address that was printed has to do. */
  private static void openBrowser(URI address) {
    if (Stream.of("DISPLAY", "WAYLAND_DISPLAY").noneMatch(name -> System.getenv(name) != null)) {
      return;
    }
    try {
      new ProcessBuilder("xdg-open", address.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // the user opens the address
    }
  }
}
