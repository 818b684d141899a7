package dev.selvage.inspect;

import dev.selvage.data.Category;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The annotations that an inspection reads; there is one source for each layout of datasets. */
interface AnnotationSource {
  String name();

  List<Category> categories();

  /** Names of attributes by their ids; empty where the layout has none. */
  SortedMap<Integer, String> attributes();

  /** All photos, in the order of their names. */
  List<Path> photos();

  /** As the annotations name a photo. */
  String name(Path photo);

  /** The title of the finding about photos without annotations. */
  String unlabelled();

  /**
   * Reads the annotations; what cannot be used becomes a finding.
   *
   * @return how many there are, invalid ones included
   */
  int read(ObjectStatistics statistics, Findings findings);
}
