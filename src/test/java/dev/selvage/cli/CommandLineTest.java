package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.command.CommandEntry;
import dev.selvage.cli.command.CommandGroup;
import dev.selvage.cli.command.CommandTable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.Option;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the program finds the command, its help and its options. */
class CommandLineTest {
  @ParameterizedTest
  @ValueSource(strings = {"--version", "help", "config sample --json"})
  void outputThatCannotBeWrittenIsNoSuccess(String line) {
    PrintStream before = System.out;
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int value) throws IOException {
                throw new IOException("No space left on device");
              }
            }));
    try {
      assertEquals(2, Main.run(line.split(" ")));
    } finally {
      System.setOut(before);
    }
  }

  private static Stream<CommandEntry> entries() {
    return Commands.ALL.sections().stream().flatMap(section -> section.entries().stream());
  }

  static Stream<Command> commands() {
    return entries()
        .flatMap(
            entry ->
                entry instanceof CommandGroup group
                    ? group.commands().stream()
                    : Stream.of((Command) entry));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpListsEveryOption(Command command) {
    String help = help(command.name());
    for (Option option : command.options().all().getOptions()) {
      String name = "\n  --" + option.getLongOpt() + " ";
      assertTrue(help.contains(name), name + " in " + help);
      String words = help.replaceAll("\\s+", " ");
      assertTrue(words.contains(option.getDescription()), option.getDescription() + " in " + help);
    }
  }

  /** A description and its further lines begin at one column, and no line is too long. */
  @ParameterizedTest
  @MethodSource("commands")
  void helpIsATableOf100Columns(Command command) {
    List<String> lines = help(command.name()).lines().toList();
    lines.forEach(line -> assertTrue(line.length() <= 100, line));
    List<Integer> columns =
        lines.stream()
            .dropWhile(line -> !line.isEmpty()) // the usage
            .filter(line -> line.startsWith("   ") || line.startsWith("  --"))
            .map(CommandLineTest::descriptionColumn)
            .distinct()
            .toList();
    assertEquals(1, columns.size(), () -> columns + " in " + String.join("\n", lines));
  }

  private static int descriptionColumn(String line) {
    String left = line.replaceFirst("^(  --\\S+( [^ ]+)? {2,}| +)\\S.*$", "$1");
    return left.length();
  }

  /** So that a copied example is not refused for an option that was renamed. */
  @ParameterizedTest
  @MethodSource("commands")
  void examplesHaveKnownOptions(Command command) {
    assertFalse(command.examples().isEmpty());
    for (String example : command.examples()) {
      List<String> words = List.of(example.split(" "));
      CommandTable.Selection selection = Commands.ALL.select(words);
      assertEquals(command.name(), selection.command().name());
      selection.rest().stream()
          .filter(word -> word.startsWith("--"))
          .forEach(word -> assertTrue(command.options().all().hasLongOption(word), word));
    }
  }

  private static String help(String name) {
    String[] words = name.split(" ");
    Outcome first =
        TinyRun.call(Stream.concat(Stream.of("help"), Stream.of(words)).toArray(String[]::new));
    Outcome last =
        TinyRun.call(Stream.concat(Stream.of(words), Stream.of("--help")).toArray(String[]::new));
    assertEquals(0, first.code(), first.err());
    assertEquals(first, last);
    return first.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "help", "--help"})
  void overviewListsEveryCommand(String argument) {
    Outcome outcome = argument.isEmpty() ? TinyRun.call() : TinyRun.call(argument);
    assertEquals(0, outcome.code(), outcome.err());
    List<String> found =
        outcome
            .out()
            .lines()
            .filter(line -> line.startsWith("  "))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    assertEquals(entries().map(CommandEntry::name).toList(), found);
    outcome.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
  }

  @Test
  void helpOfAGroupListsItsCommands() {
    String help = help("bench");
    for (String name : List.of("step", "detect", "kernels", "loader", "csv", "photo")) {
      assertTrue(help.contains("\n  bench " + name + " "), help);
    }
  }

  @Test
  void tellsVersions() {
    Outcome outcome = TinyRun.call("--version");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().matches("selvage  .+\njava     .+\nnative   kernels for .+\n"),
        outcome.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian              | expected a command, one of sample, inspect, train, evaluate, tune, predict, serve, submit, studio, resize, plot, config, weights, bench, doctor, found 'trian'
          help trian         | expected a command, one of sample, inspect, train, evaluate, tune, predict, serve, submit, studio, resize, plot, config, weights, bench, doctor, found 'trian'
          --version 2        | --version: expected nothing after it, found 2
          bench              | bench: expected one of step, scale, detect, kernels, loader, csv, photo, found nothing
          bench stop         | bench: expected one of step, scale, detect, kernels, loader, csv, photo, found 'stop'
          bench --rows 5     | bench: expected one of step, scale, detect, kernels, loader, csv, photo, found '--rows'
          bench scale --ranks 1,x | option --ranks: expected numbers of ranks such as 1,2,4, found '1,x'
          bench csv --size 5 | bench csv: unknown option --size; the options are --rows, --json
          bench photo --rows | bench photo: unknown option --rows; the options are --size, --json
          bench csv --rows   | option --rows: expected a value N, found none
          bench csv 5        | bench csv: expected `bench csv [options]`, found the argument '5'
          sample             | sample: expected `sample OUT [options]`, found no argument
          sample a b         | sample: expected `sample OUT [options]`, found the arguments 'a', 'b'
          sample --seed 1 --seed 2 x | option --seed: expected one value, found 2: 1, 2
          bench step --size 100      | option --size: expected a multiple of 64, found '100'
          bench step --backbone vgg  | option --backbone: expected resnet18, resnet34, resnet50, resnet101, found 'vgg'
          bench step --beside 0      | option --beside: expected a whole number in 1..64, found '0'
          bench step --beside 65     | option --beside: expected a whole number in 1..64, found '65'
          bench step --nice 5        | option --nice has an effect only with --beside
          bench step --beside 1 --nice 20 | option --nice: expected a whole number in 1..19, found '20'
          """)
  void refusesInOneSentence(String line, String why) {
    Outcome outcome = TinyRun.call(line.split(" "));
    assertEquals(2, outcome.code(), outcome.err());
    assertEquals("selvage: " + why + "\n", outcome.err());
  }
}
