package dev.selvage.studio.runs;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.run.RunInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the files of a run without training it. */
public final class RunFixture {
  public static final String HEADER =
      "epoch,lr,loss,mrcnn_mask_loss,val_loss,val_mask_AP,val_mask_AP50,images_per_second,loader_stall,seconds,memory_mib\n";

  public final Path dir;

  private RunFixture(Path dir) {
    this.dir = dir;
  }

  /**
   * A run without an epoch.
   *
   * @param day of January 2026 on which it was begun
   * @param settings on top of the sample's preset
   */
  public static RunFixture write(Path runs, String id, int day, String... settings)
      throws IOException {
    Path dir = Files.createDirectories(runs.resolve(id));
    Config config = ConfigReader.read("sample", null, List.of(settings));
    RunInfo info =
        new RunInfo(
            List.of("selvage.jar train --data data/my photos --preset sample"),
            "2026-01-%02dT10:00:00Z".formatted(day),
            Map.of("selvage", "1.0", "java", "17"),
            7,
            "none",
            "my photos",
            40,
            "0",
            List.of(new Category(1, "shirt", "")));
    ConfigWriter.write(config, info.about(), dir.resolve("config.json"));
    Files.writeString(dir.resolve("log.csv"), HEADER);
    return new RunFixture(dir);
  }

  /** Adds an epoch, whose loss falls and whose mask AP rises. */
  public RunFixture epoch(int epoch) throws IOException {
    return epoch(epoch, 1 - 1 / (1 + 0.1 * epoch));
  }

  /**
   * Adds an epoch.
   *
   * @param maskAp NaN where it was not measured
   */
  public RunFixture epoch(int epoch, double maskAp) throws IOException {
    String score = Double.isNaN(maskAp) ? "" : String.format(Locale.ROOT, "%.4f", maskAp);
    return append(
        String.format(
            Locale.ROOT,
            "%d,0.02,%.4f,%.4f,%.4f,%s,%s,12.5,0.031,30.5,412.0%n",
            epoch,
            4.0 / epoch,
            1.0 / epoch,
            4.5 / epoch,
            score,
            score));
  }

  /** Adds a text to the log. */
  public RunFixture append(String text) throws IOException {
    Files.writeString(dir.resolve("log.csv"), text, StandardOpenOption.APPEND);
    return this;
  }
}
