package dev.selvage.cli;

import dev.selvage.cli.command.Command;
import dev.selvage.cli.model.TrainedModels;
import dev.selvage.cli.model.TrainedModels.Loaded;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.data.image.Photos;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.http.Routes;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.View;
import dev.selvage.runtime.Native;
import dev.selvage.serve.Limits;
import dev.selvage.serve.LoadedModel;
import dev.selvage.serve.Metrics;
import dev.selvage.serve.ModelFacts;
import dev.selvage.serve.PredictionQueue;
import dev.selvage.serve.PredictionRoutes;
import dev.selvage.serve.ServiceRoutes;
import dev.selvage.serve.WarmUp;
import dev.selvage.tune.Tuned;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** {@code serve}: detects garments in photos that other programs send over HTTP. */
final class ServeCommand implements Command {
  private static final int PORT = 8000;
  private static final int QUEUE = 64;
  private static final int MEGABYTES = 20;
  private static final int SECONDS = 60;

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "detect garments in photos that come over HTTP";
  }

  @Override
  public String usage() {
    return "--weights W [options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "serve --weights last", "serve --weights model.h5 --host 0.0.0.0 --token-file token.txt");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(Section.MODEL, TrainedModels.OPTIONS)
        .add(Section.MODEL, TrainedModels.TUNED, TrainedModels.VIEWS)
        .add(Section.DEVICE, DeviceOptions.with(PrecisionOption.OPTION))
        .add(
            Section.SERVICE,
            Arguments.value("port", "N", "port to listen on; 0: any that is free", PORT),
            Arguments.value(
                "host",
                "H",
                "address to listen on; 0.0.0.0 lets other machines in, which need a token",
                Listen.LOOPBACK),
            Arguments.value(
                "token-file",
                "FILE",
                "file with the token that clients must send",
                "with --host a new one, which is printed"),
            Arguments.value(
                "max-queue", "N", "photos that may wait or be in work; more get status 429", QUEUE),
            Arguments.value("max-megabytes", "N", "largest photo file", MEGABYTES),
            Arguments.value(
                "timeout",
                "SECONDS",
                "longest time for a photo; then it gets status 503",
                SECONDS));
  }

  @Override
  public void run(CommandLine line) {
    Listen listen =
        Listen.on(
            line.getOptionValue("host", Listen.LOOPBACK),
            Arguments.integer(line, "port", PORT, 0, 65_535),
            Optional.ofNullable(line.getOptionValue("token-file"))
                .map(file -> token(Path.of(file))));
    int most = Arguments.integer(line, "max-queue", QUEUE, 1);
    Limits limits =
        new Limits(
            1_000_000 * Arguments.integer(line, "max-megabytes", MEGABYTES, 1, 2000),
            Duration.ofSeconds(Arguments.integer(line, "timeout", SECONDS, 1, 500)));
    TrainedModels models = TrainedModels.find(line);
    DeviceOptions.choose(line);
    try (LoadedModel model = load(line, models)) {
      WarmUp.run(model.predictor());
      PredictionQueue queue = new PredictionQueue(model.predictor(), most);
      Metrics metrics = new Metrics();
      Routes routes =
          new PredictionRoutes(model.predictor(), queue, model.facts(), limits, metrics)
              .routes()
              .add(ServiceRoutes.routes(metrics, queue));
      serve(listen, routes, metrics, queue, limits, !line.hasOption("token-file"));
    }
  }

  /**
   * Loads models by the options, onto the device that is chosen.
   *
   * @throws UserError they cannot be loaded, or an option is wrong
   */
  static LoadedModel load(CommandLine line, TrainedModels models) {
    Optional<Tuned> tuned = models.tuned(line, models::categories);
    List<View> views = TrainedModels.views(line, tuned);
    List<Config> configs = TrainedModels.withPrecision(line, models.configs());
    Loaded loaded = models.load(configs);
    try {
      Predictor settings =
          loaded.predictor(new Photos(configs.get(0).EXIF_ORIENTATION)).over(views);
      Predictor predictor = tuned.map(t -> settings.by(t.rules())).orElse(settings);
      ModelFacts facts =
          new ModelFacts(
              models.names(),
              models.hash(),
              configs.get(0),
              models.categories(),
              Native.selectedDevice().getString(),
              tuned.isPresent(),
              views);
      return new LoadedModel(predictor, facts, loaded::close);
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  /** Serves until a signal comes; this thread computes. */
  private static void serve(
      Listen listen,
      Routes routes,
      Metrics metrics,
      PredictionQueue queue,
      Limits limits,
      boolean printsToken) {
    try (StopSignal stop = StopSignal.open("stopping after the photos that wait");
        HttpService service = HttpService.start(listen, routes, metrics)) {
      System.out.println("serving " + service.address());
      listen.token().filter(t -> printsToken).ifPresent(t -> System.out.println("token " + t));
      Thread watch = new Thread(() -> drainWhenAsked(stop, service, queue, limits), "stop-watch");
      watch.setDaemon(true);
      watch.start();
      queue.run();
    }
  }

  private static void drainWhenAsked(
      StopSignal stop, HttpService service, PredictionQueue queue, Limits limits) {
    try {
      while (!stop.asked()) {
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      return;
    }
    service.drain(limits.time());
    queue.close();
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UserError(
          "--token-file: %s cannot be read (%s): expected a text file".formatted(file, e), e);
    }
  }
}
