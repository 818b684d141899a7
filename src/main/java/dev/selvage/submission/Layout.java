package dev.selvage.submission;

import java.util.List;

/** The files that Kaggle's two competitions take. */
public enum Layout {
  /** iMaterialist (Fashion) 2019 at FGVC6. */
  Y2019("2019", 512, List.of("ImageId", "EncodedPixels", "ClassId")),

  /** iMaterialist (Fashion) 2020 at FGVC7; the attributes stay empty. */
  Y2020("2020", 1024, List.of("ImageId", "EncodedPixels", "ClassId", "AttributesIds"));

  private final String year;
  private final int longerSide;
  private final List<String> columns;

  Layout(String year, int longerSide, List<String> columns) {
    this.year = year;
    this.longerSide = longerSide;
    this.columns = columns;
  }

  /**
   * The layout of a competition.
   *
   * @throws IllegalArgumentException there is none
   */
  public static Layout of(String year) {
    return valueOf("Y" + year);
  }

  public String year() {
    return year;
  }

  /** Pixels of the longer side of a photo's masks. */
  public int longerSide() {
    return longerSide;
  }

  List<String> columns() {
    return columns;
  }

  /**
   * A row.
   *
   * @param pixels runs
   * @param classId the category's id
   */
  List<String> row(String photo, String pixels, String classId) {
    return this == Y2019 ? List.of(photo, pixels, classId) : List.of(photo, pixels, classId, "");
  }
}
