package dev.selvage.inspect;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The annotations that an inspection reads; there is one source for each layout of datasets. */
interface AnnotationSource {
  List<Category> categories();

  /** Names of attributes by their ids; empty where the layout has none. */
  SortedMap<Integer, String> attributes();

  /** All photos that lie there, used or not, in the order of their names. */
  List<Path> photos();

  /** The title of the finding about photos that lie there and are not used. */
  String unused();

  /**
   * What was read.
   *
   * @param dataset the one that a training reads, so that an inspection is about the same photos
   * @param count how many annotations there are, invalid ones included
   */
  record Annotations(Dataset dataset, int count) {}

  /** Reads the annotations; what cannot be used becomes a finding. */
  Annotations read(ObjectStatistics statistics, Findings findings);
}
