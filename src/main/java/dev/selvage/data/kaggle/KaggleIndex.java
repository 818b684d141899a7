package dev.selvage.data.kaggle;

import dev.selvage.data.Instance;
import dev.selvage.data.InstanceSummary;
import dev.selvage.data.MappedFile;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.KaggleRle;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Photos in file-name order, and where in train.csv the masks of each stand. Run lengths are read
 * from the file whenever they are asked for. Thread-safe.
 */
final class KaggleIndex {
  private final MappedFile csv;
  private final String[] names;
  private final PhotoSize[] sizes;

  /** For each photo its first object in the arrays below; one more entry at the end. */
  private final int[] first;

  private final int[] classIds;
  private final long[] places;
  private final int[] lengths;
  private final int[] areas;

  KaggleIndex(MappedFile csv, KaggleReader reader) {
    this.csv = csv;
    int photos = reader.names().size();
    int[] order =
        IntStream.range(0, photos)
            .boxed()
            .sorted(Comparator.comparing(reader.names()::get))
            .mapToInt(Integer::intValue)
            .toArray();
    names = new String[photos];
    sizes = new PhotoSize[photos];
    int[] rank = new int[photos];
    for (int i = 0; i < photos; i++) {
      names[i] = reader.names().get(order[i]);
      sizes[i] = reader.size(order[i]);
      rank[order[i]] = i;
    }
    first = new int[photos + 1];
    for (int r = 0; r < reader.objects(); r++) {
      first[rank[reader.photoOf(r)] + 1]++;
    }
    for (int i = 0; i < photos; i++) {
      first[i + 1] += first[i];
    }
    classIds = new int[reader.objects()];
    places = new long[reader.objects()];
    lengths = new int[reader.objects()];
    areas = new int[reader.objects()];
    int[] next = first.clone();
    for (int r = 0; r < reader.objects(); r++) {
      int to = next[rank[reader.photoOf(r)]]++;
      classIds[to] = reader.classId(r);
      places[to] = reader.place(r);
      lengths[to] = reader.length(r);
      areas[to] = reader.area(r);
    }
  }

  int size() {
    return names.length;
  }

  String name(int photo) {
    return names[photo];
  }

  PhotoSize size(int photo) {
    return sizes[photo];
  }

  int[] classIds(int photo) {
    return Arrays.copyOfRange(classIds, first[photo], first[photo + 1]);
  }

  List<InstanceSummary> summaries(int photo) {
    return IntStream.range(first[photo], first[photo + 1])
        .mapToObj(i -> new InstanceSummary(classIds[i], areas[i]))
        .toList();
  }

  /**
   * The photo's objects in the file's order.
   *
   * @throws UserError the file is no longer the one that was checked
   */
  List<Instance> instances(int photo) {
    List<Instance> instances = new ArrayList<>(first[photo + 1] - first[photo]);
    for (int i = first[photo]; i < first[photo + 1]; i++) {
      byte[] text = new byte[lengths[i]];
      csv.read(places[i], text, 0, text.length);
      try {
        instances.add(
            new Instance(
                classIds[i],
                KaggleRle.read(
                    new ByteCharSequence(text, 0, text.length),
                    sizes[photo].height(),
                    sizes[photo].width()),
                false));
      } catch (UserError e) {
        throw new UserError(
            "%s: expected a file that does not change while it is in use, found another mask of %s: %s"
                .formatted(csv.path(), names[photo], e.getMessage()),
            e);
      }
    }
    return instances;
  }
}
