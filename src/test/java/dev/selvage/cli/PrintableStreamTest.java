package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import dev.selvage.weights.files.KerasFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrintableStreamTest {
  /** Sets a terminal's title, begins a line of its own and turns the text around. */
  private static final String EVIL = "\u001b]0;title\u0007\nselvage: done\u202e\u009b";

  private static final String HARMLESS = "\\u001b]0;title\\u0007\\u000aselvage: done\\u202e\\u009b";

  /** The same in ASCII, as names of layers are. */
  private static final String LAYER = "\u001b]0;title\u0007\nselvage: done";

  @TempDir Path dir;

  @Test
  void escapesHoweverTextIsPrinted() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    PrintStream bytes = new PrintStream(seen, true, StandardCharsets.UTF_8);
    PrintStream out = PrintableStream.forResults(bytes);
    out.print("a\u001b");
    out.print((Object) "b\u001b");
    out.print('\u001b');
    out.print(new char[] {'c', '\u001b'});
    out.append("d\u001b").append('\u001b');
    out.println("e\nf\u001b");
    out.printf("%s %5.1f%n%s", EVIL, 1.5, Path.of("g\u001b"));
    PrintableStream.forMessages(bytes).println("\n" + EVIL);
    String end = System.lineSeparator();
    assertEquals(
        "a\\u001bb\\u001b\\u001bc\\u001bd\\u001b\\u001be\nf\\u001b"
            + end
            + HARMLESS
            + "   1.5"
            + end
            + "g\\u001b\\u000a"
            + HARMLESS
            + end,
        seen.toString(StandardCharsets.UTF_8));
    assertSame(bytes, PrintableStream.unescaped(out));
    assertSame(bytes, PrintableStream.unescaped(bytes));
  }

  @Test
  void noticesAFullDiskAsTheStreamBelowDoes() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("full");
              }
            },
            true);
    PrintStream out = PrintableStream.forResults(full);
    assertFalse(out.checkError());
    out.println("x");
    assertTrue(out.checkError());
  }

  @Test
  void namesOfLayersReachTheTerminalEscaped() throws IOException {
    Path file = dir.resolve("w\u001b.h5");
    ParameterSpec spec = new ParameterSpec(LAYER, LAYER, Kind.DENSE, "bias", new long[] {1});
    try (Parameters parameters = new Parameters(List.of(spec))) {
      parameters.get(LAYER + "/bias").upload(new float[] {1});
      KerasFile.save(file, parameters);
    }
    Outcome table = TinyRun.call("weights", file.toString());
    assertEquals(0, table.code(), table.err());
    assertTrue(
        table.out().contains("\\u001b]0;title\\u0007\\u000aselvage: done/bias "), table.out());
    assertHarmless(table.out());
    Outcome json = TinyRun.call("weights", file.toString(), "--json");
    assertHarmless(json.out());
    assertEquals(LAYER, new ObjectMapper().readTree(json.out()).at("/arrays/0/layer").asText());
    Outcome refused =
        TinyRun.call("weights", file.toString(), "--out", dir + "/o.h5", "--preset", "street");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("w\\u001b.h5"), refused.err());
    assertHarmless(refused.err());
  }

  @Test
  void namesOfCategoriesAndPhotosReachTheTerminalEscaped() throws IOException {
    TinyRun tiny = new TinyRun(dir);
    Path labels = tiny.data.resolve("label_descriptions.json");
    String evil = new ObjectMapper().writeValueAsString("pants" + EVIL);
    for (Path file : List.of(labels, tiny.run.resolve("config.json"))) {
      Files.writeString(file, Files.readString(file).replace("\"pants\"", evil));
    }
    Files.move(tiny.data.resolve("train/3.png"), tiny.data.resolve("train/3\u001b.png"));
    Path csv = tiny.data.resolve("train.csv");
    Files.writeString(csv, Files.readString(csv).replace("3.png", "3\u001b.png"));
    Files.writeString(tiny.data.resolve("train/3\u001b.png"), "no photo");
    String data = tiny.data.toString();
    Outcome evaluated =
        TinyRun.call(
            "evaluate", "--data", data, "--weights", tiny.run.toString(), "--split", "all");
    assertTrue(evaluated.out().contains("pants\\u001b]0;"), evaluated.out());
    Outcome inspected = TinyRun.call("inspect", "--data", data, "--threads", "1");
    assertTrue((inspected.out() + inspected.err()).contains("3\\u001b.png"), inspected.out());
    for (Outcome outcome : List.of(evaluated, inspected)) {
      assertHarmless(outcome.out());
      assertHarmless(outcome.err());
    }
  }

  private static void assertHarmless(String printed) {
    assertTrue(
        printed.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f || c > 0xa0 && c < 0x2000),
        printed);
    assertTrue(printed.lines().noneMatch(line -> line.startsWith("selvage: done")), printed);
  }
}
