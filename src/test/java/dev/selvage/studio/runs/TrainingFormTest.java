package dev.selvage.studio.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingFormTest {
  @TempDir private Path data;

  @Test
  void theCommandHasWhatWasAskedFor() {
    String settings = " EPOCHS=3 \n\nLRS=0.01";
    TrainingForm form = new TrainingForm(data.toString(), "sample", "", " trial ", settings);
    assertEquals("trial", form.config().NAME);
    assertEquals(3, form.config().EPOCHS.last());
    assertEquals(
        List.of(
            "train",
            "--data",
            data.toString(),
            "--preset",
            "sample",
            "--set",
            "NAME=trial",
            "--set",
            "EPOCHS=3",
            "--set",
            "LRS=0.01",
            "--run",
            "runs/a",
            "--new"),
        form.command(Path.of("runs/a")));
    TrainingForm other = new TrainingForm(data.toString(), "sample", data.toString(), null, null);
    assertEquals("sample", other.config().NAME);
    assertEquals(
        List.of(
            "train",
            "--data",
            data.toString(),
            "--preset",
            "sample",
            "--weights",
            data.toString(),
            "--run",
            "runs/a",
            "--new"),
        other.command(Path.of("runs/a")));
  }

  /** The sentences are those of {@code train}, without the names of its options. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none | sample | | | | data | expected a dataset: a folder, or a JSON file of COCO's layout, found no none",
        " | sample | | | | data | expected a dataset: a folder, or a JSON file of COCO's layout, found nothing",
        "DATA | simple | | | | preset | must be one of fashion, coco, sample, street, found simple; the nearest is sample",
        "DATA | sample | none.h5 | | | weights | expected a weight file, a run's folder, or none, found no none.h5",
        "DATA | sample | | a/b | | name | NAME",
        "DATA | sample | | | EPOCHS | settings | must be KEY=VALUE, found EPOCHS",
        "DATA | sample | | | EPOCH=3 | settings | unknown configuration key EPOCH; the nearest known key is EPOCHS",
        "DATA | sample | | | LRS=x | settings | LRS must be",
        "DATA | sample | | a | NAME=b | settings | NAME is given in a field of its own",
      })
  void whatIsWrongBelongsToAField(
      String path,
      String preset,
      String weights,
      String name,
      String settings,
      String field,
      String why) {
    String folder = "DATA".equals(path) ? data.toString() : path;
    FieldError error =
        assertThrows(
            FieldError.class,
            () -> new TrainingForm(folder, preset, weights, name, settings).config());
    assertEquals(field, error.field());
    assertEquals(
        why, error.getMessage().substring(0, Math.min(why.length(), error.getMessage().length())));
  }

  @Test
  void aRunOfAnotherProgramIsNotStopped() throws Exception {
    Path dir = RunFixture.write(data, "a", 1).dir;
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      java.nio.file.Files.writeString(dir.resolve(".lock"), process.pid() + "\n");
      UserError error = assertThrows(UserError.class, () -> new Trainings(data).stop(dir));
      assertEquals(
          dir + ": expected a training of this machine to stop, found none", error.getMessage());
      assertEquals(true, process.isAlive());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
