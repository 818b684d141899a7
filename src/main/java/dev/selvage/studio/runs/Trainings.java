package dev.selvage.studio.runs;

import dev.selvage.run.RunFolder;
import dev.selvage.run.RunLock;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts and stops trainings on this machine. Each is a process of its own, in a session of its
 * own, so that neither the studio's end nor Ctrl-C in its terminal ends it.
 */
final class Trainings {
  private final Path runs;

  /** Trainings that the studio has started, by the folder of the run. */
  private final Map<Path, Process> started = new ConcurrentHashMap<>();

  Trainings(Path runs) {
    this.runs = runs;
  }

  /** Whether a training that the studio has started in a folder goes on. */
  boolean isStarting(Path dir) {
    Process process = started.get(dir);
    return process != null && process.isAlive();
  }

  /**
   * Starts the training of a new run.
   *
   * @return the run's folder
   * @throws FieldError a field of the form is wrong
   * @throws UserError the folder cannot be made
   */
  Path begin(TrainingForm form) {
    Path dir = RunFolder.makeFresh(runs, form.config().NAME);
    start(dir, form.command(dir));
    return dir;
  }

  /**
   * Goes on with a run that was stopped.
   *
   * @param data the dataset, which the run's files name without its folder
   * @throws FieldError there is no such dataset
   * @throws UserError the run goes on already
   */
  synchronized void resume(Path dir, String data) {
    if (data.isBlank() || !Files.exists(Path.of(data))) {
      throw new FieldError("data", "expected the run's dataset, found no '%s'".formatted(data));
    }
    if (isStarting(dir) || RunLock.isHeld(dir)) {
      throw new UserError(dir + ": expected a run that is stopped, found one that goes on");
    }
    start(dir, List.of("train", "--data", data, "--run", dir.toString()));
  }

  private void start(Path dir, List<String> command) {
    List<String> words = new ArrayList<>(List.of("setsid"));
    words.addAll(Program.words(command));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(TrainingOutput.file(dir).toFile()));
    try {
      started.put(dir, builder.start());
    } catch (IOException e) {
      throw new UserError(
          "%s: the training cannot be started (%s)".formatted(dir, e.getMessage()), e);
    }
  }

  /**
   * Asks the training of a run to stop: it finishes its step and saves the run. One that has not
   * come to its first step ends at once.
   *
   * @throws UserError no training of this machine holds the run
   */
  void stop(Path dir) {
    ProcessHandle process =
        RunLock.holder(dir)
            .filter(Trainings::isTraining)
            .or(() -> Optional.ofNullable(started.get(dir)).map(Process::toHandle))
            .filter(ProcessHandle::isAlive)
            .orElseThrow(
                () ->
                    new UserError(
                        "%s: expected a training of this machine to stop, found none"
                            .formatted(dir)));
    process.destroy(); // SIGTERM
  }

  /** The process of the lock could be any that was given its number since. */
  private static boolean isTraining(ProcessHandle process) {
    try {
      String words =
          Files.readString(
              Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.UTF_8);
      return words.contains("\0train\0") && words.matches("(?s).*(selvage|\\.jar).*");
    } catch (IOException e) {
      return false; // it has ended, or belongs to another user
    }
  }
}
