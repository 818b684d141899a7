package dev.selvage.data.image;

import dev.selvage.config.ExifMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Counts photos with an orientation mark, and says how they are taken. Thread-safe. */
public final class OrientationTally {
  private final ExifMode mode;

  /** For each photo with a mark how it is taken, to follow its count in a sentence. */
  private final Map<Path, String> photos = new ConcurrentHashMap<>();

  /**
   * Starts without photos.
   *
   * @param mode what a mark means where the annotations do not tell
   */
  public OrientationTally(ExifMode mode) {
    this.mode = mode;
  }

  /**
   * Counts a photo, if it has a mark; the second time does nothing.
   *
   * @param annotated the size that its annotations state; empty without any
   */
  public void add(Path file, PhotoHeader header, Optional<PhotoSize> annotated) {
    if (!header.orientation().isUpright()) {
      boolean turned = !header.turn(annotated, mode).isUpright();
      boolean told = annotated.isPresent() && header.isToldBySize();
      photos.putIfAbsent(
          file,
          (turned ? "turned as displayed" : "taken as stored")
              + (told
                  ? " by the size in their annotations"
                  : " by EXIF_ORIENTATION=" + mode.word()));
    }
  }

  /** The photos with a mark, in the order of their names, and how each is taken. */
  public SortedMap<Path, String> photos() {
    return new TreeMap<>(photos);
  }

  /** One sentence about all of them; empty without any. */
  public Optional<String> sentence() {
    if (photos.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    photos.values().stream()
        .distinct()
        .sorted()
        .forEach(
            how ->
                parts.add(
                    "%d %s".formatted(photos.values().stream().filter(how::equals).count(), how)));
    return Optional.of(
        "photos with an orientation mark (EXIF): %d (%s)"
            .formatted(photos.size(), String.join(", ", parts)));
  }
}
