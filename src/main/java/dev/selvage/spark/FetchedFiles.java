package dev.selvage.spark;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkFiles;

/** Files that options name by a URI, brought to the driver. */
final class FetchedFiles {
  private static final Set<String> OPTIONS = Set.of("--weights", "--tuned", "--config");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

  private FetchedFiles() {}

  /**
   * The same options with local files in place of URIs.
   *
   * @throws UserError a file cannot be read
   */
  static List<String> in(List<String> options, Configuration hadoop) {
    List<String> local = new ArrayList<>();
    for (String word : options) {
      String option = local.isEmpty() ? "" : local.get(local.size() - 1);
      boolean remote = OPTIONS.contains(option) && URI.matcher(word).matches();
      local.add(remote ? fetch(option, word, hadoop) : word);
    }
    return local;
  }

  /** Into a folder that Spark deletes when it ends. */
  private static String fetch(String option, String uri, Configuration hadoop) {
    try {
      Path remote = new Path(uri);
      java.nio.file.Path folder =
          Files.createTempDirectory(
              java.nio.file.Path.of(SparkFiles.getRootDirectory()), "selvage-");
      String local = folder.resolve(remote.getName()).toString();
      remote.getFileSystem(hadoop).copyToLocalFile(false, remote, new Path(local), true);
      return local;
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "option %s: expected a file, found that %s cannot be read (%s)"
              .formatted(option, uri, e.getMessage()),
          e);
    }
  }
}
