package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what is kept of the rows of train.csv: about twenty bytes per row, so that hundreds of
 * thousands of rows need little memory.
 */
final class KaggleReader implements KaggleRows.Receiver {
  private final KaggleRows.Receiver listener;
  private final Set<String> named = new HashSet<>();
  private final Map<String, Integer> photoOfName = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<PhotoSize> sizes = new ArrayList<>();
  private int rows;
  private int objects;
  private int[] photos = new int[1024];
  private int[] classIds = new int[1024];
  private long[] places = new long[1024];
  private int[] lengths = new int[1024];
  private int[] areas = new int[1024];

  /** A reader that hands everything on to a listener. */
  KaggleReader(KaggleRows.Receiver listener) {
    this.listener = listener;
  }

  /** Reads the whole file, as {@link KaggleRows#read} does. */
  void read(Path csv, Path photoDir, List<Category> categories) {
    rows = KaggleRows.read(csv, photoDir, categories, this);
  }

  /** How many there are, those included that cannot be used. */
  int rows() {
    return rows;
  }

  @Override
  public void named(String photo) {
    named.add(photo);
    listener.named(photo);
  }

  @Override
  public void row(KaggleRow row) {
    listener.row(row);
    int photo = photo(row.photo(), row.size());
    if (row.classId() == 0) {
      return;
    }
    if (objects == photos.length) {
      photos = Arrays.copyOf(photos, 2 * objects);
      classIds = Arrays.copyOf(classIds, 2 * objects);
      places = Arrays.copyOf(places, 2 * objects);
      lengths = Arrays.copyOf(lengths, 2 * objects);
      areas = Arrays.copyOf(areas, 2 * objects);
    }
    photos[objects] = photo;
    classIds[objects] = row.classId();
    places[objects] = row.pixelsAt();
    lengths[objects] = row.pixelsLength();
    areas[objects++] = row.mask().area();
  }

  @Override
  public void bad(long line, String problem) {
    listener.bad(line, problem);
  }

  @Override
  public void renamed(String imageId, String photo) {
    listener.renamed(imageId, photo);
  }

  @Override
  public void missing(String photo) {
    listener.missing(photo);
  }

  /** Whether some row, good or bad, is about a photo. */
  boolean isNamed(String photo) {
    return named.contains(photo);
  }

  /** The number of a photo; a new number for a photo that has not appeared before. */
  int photo(String name, PhotoSize size) {
    Integer known = photoOfName.putIfAbsent(name, names.size());
    if (known != null) {
      return known;
    }
    names.add(name);
    sizes.add(size);
    return names.size() - 1;
  }

  /** Photos in the order in which they first appear. */
  List<String> names() {
    return names;
  }

  PhotoSize size(int photo) {
    return sizes.get(photo);
  }

  int objects() {
    return objects;
  }

  int photoOf(int object) {
    return photos[object];
  }

  int classId(int object) {
    return classIds[object];
  }

  /** Place in the file of the object's run lengths. */
  long place(int object) {
    return places[object];
  }

  /** Bytes of the object's run lengths. */
  int length(int object) {
    return lengths[object];
  }

  /** Pixels of the object's mask. */
  int area(int object) {
    return areas[object];
  }
}
