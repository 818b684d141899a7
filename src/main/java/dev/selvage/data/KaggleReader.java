package dev.selvage.data;

import dev.selvage.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Gathers the rows of train.csv by photo. */
final class KaggleReader implements KaggleRows.Receiver {
  /** What the rows of one photo say; masks are kept as packed run lengths. */
  static final class Photo {
    final PhotoSize size;
    final List<byte[]> masks = new ArrayList<>();
    final List<Integer> classIds = new ArrayList<>();

    Photo(PhotoSize size) {
      this.size = size;
    }
  }

  private final Path csv;
  private final Path photoDir;
  private final List<Category> categories;
  private final TreeMap<String, Photo> photos = new TreeMap<>();
  private final BadRows bad;

  KaggleReader(Path csv, Path photoDir, List<Category> categories) {
    this.csv = csv;
    this.photoDir = photoDir;
    this.categories = categories;
    bad = new BadRows(csv);
  }

  /** The photos in file-name order. */
  TreeMap<String, Photo> photos() {
    return photos;
  }

  /**
   * Reads the whole file.
   *
   * @return lines about rows that were skipped
   * @throws UserError naming file and line, see {@link BadRows#judge}
   */
  List<String> read() {
    return bad.judge(KaggleRows.read(csv, photoDir, categories, this));
  }

  @Override
  public void row(KaggleRow row) {
    Photo photo = photos.computeIfAbsent(row.photo(), name -> new Photo(row.size()));
    if (row.classId() > 0) {
      photo.masks.add(PackedRuns.pack(row.mask().counts()));
      photo.classIds.add(row.classId());
    }
  }

  @Override
  public void bad(long line, String problem) {
    bad.add(line, problem);
  }
}
