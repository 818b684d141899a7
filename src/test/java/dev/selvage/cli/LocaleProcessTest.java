package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.train.TinyDataset;
import dev.selvage.util.TestJava;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a process of its own, in locales of which Java takes its digits and encoding. */
class LocaleProcessTest {
  private static final String MEND =
      "found one with the encoding ANSI_X3.4-1968; set the environment variable LC_ALL=C.UTF-8";

  /** A name with an umlaut in UTF-8, for a shell: this test runs under the POSIX locale too. */
  private static final String GREEN = "$(printf 'gr\\303\\274n')";

  @TempDir Path dir;

  @Test
  void digitsAreThoseOfEveryone() throws Exception {
    String options = "-Duser.language=fa -Duser.country=IR";
    assertEquals(
        "selvage: IMAGE_MAX_DIM must be a positive multiple of 64, found 100\n",
        refused(options, "inspect", "--data", "none", "--set", "IMAGE_MAX_DIM=100"));
  }

  @Test
  void anArgumentThatThePosixLocaleCannotRead() throws Exception {
    String said = refused("", "inspect", "--data", GREEN);
    assertTrue(said.contains(MEND), said);
    assertEquals(1, said.lines().count(), said);
  }

  @Test
  void namesThatThePosixLocaleLacks() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 3);
    Path csv = data.resolve("train.csv");
    String rows = Files.readString(csv);
    Files.writeString(csv, rows.replace("photo0", "gr\u00fcn"));
    String said = refused("", "inspect", "--data", data.toString());
    assertEquals(
        "selvage: expected a locale that has the characters of the file name \"gr\u00fcn.jpg\", "
            + MEND
            + "\n",
        said);
    Files.writeString(csv, rows.replaceAll("photo0.*\n", ""));
    shell("mv \"$1/photo0.jpg\" \"$1/" + GREEN + ".jpg\"", data.resolve("train").toString());
    said = refused("", "inspect", "--data", data.toString());
    assertTrue(said.startsWith("selvage: expected a locale") && said.contains(MEND), said);
    assertEquals(1, said.lines().count(), said);
  }

  /** What it says when it refuses its arguments, of which {@link #GREEN} is read by the shell. */
  private String refused(String options, String... arguments)
      throws IOException, InterruptedException {
    Path said =
        shell("LC_ALL=C exec " + TestJava.line(options) + " " + String.join(" ", arguments));
    return Files.readString(said, StandardCharsets.UTF_8);
  }

  private Path shell(String script, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    line.addAll(List.of(arguments));
    Path said = dir.resolve("said.txt");
    new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start()
        .waitFor();
    return said;
  }
}
