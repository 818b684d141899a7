package dev.selvage.cli.evaluation;

import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.analysis.Analysis;
import dev.selvage.eval.analysis.AnalysisCsv;
import dev.selvage.report.evaluation.EvaluationPage;
import dev.selvage.report.evaluation.PhotoSource;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** The page and the tables that {@code evaluate --report} writes. */
public record EvaluationReport(Path folder) {
  public static final Option OPTION =
      Arguments.value(
          "report",
          "DIR",
          "folder for a page to look at (%s) and the same numbers as CSV"
              .formatted(EvaluationPage.FILE));

  /** Makes the folder before any long work; empty without the option. */
  public static Optional<EvaluationReport> of(CommandLine line) {
    if (!line.hasOption(OPTION)) {
      return Optional.empty();
    }
    Path folder = OutputFolder.make(OPTION.getLongOpt(), Path.of(line.getOptionValue(OPTION)));
    OutputFolder.make(OPTION.getLongOpt(), folder.resolve(EvaluationPage.PHOTOS));
    return Optional.of(new EvaluationReport(folder));
  }

  /** Writes all of it, and says where it is. */
  public void write(String title, Analysis analysis, CocoScores scores, PhotoSource source) {
    AnalysisCsv.write(folder, analysis, scores);
    EvaluationPage.write(folder, title, analysis, scores, source);
    System.err.printf("selvage: the report is %s%n", folder.resolve(EvaluationPage.FILE));
  }
}
