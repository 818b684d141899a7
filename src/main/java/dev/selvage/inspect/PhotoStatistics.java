package dev.selvage.inspect;

import dev.selvage.config.ExifMode;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.util.UserError;
import dev.selvage.util.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads all photos and finds damaged and doubled ones. */
final class PhotoStatistics {
  /** Thumbnails that differ by less, of 255, show the same picture. */
  private static final double SAME = 3;

  private final Findings findings;
  private final Function<Path, Optional<PhotoSize>> sizes;
  private final Function<Path, String> names;
  private final Map<Path, String> problems = new ConcurrentHashMap<>();
  private final Photos photos;

  /**
   * Prepares.
   *
   * @param sizes that annotations state, by the photo's file
   * @param names of the dataset's photos, by the photo's file
   * @param mode what an orientation mark means where the annotations do not tell
   */
  PhotoStatistics(
      Findings findings,
      Function<Path, Optional<PhotoSize>> sizes,
      Function<Path, String> names,
      ExifMode mode) {
    this.findings = findings;
    this.sizes = sizes;
    this.names = names;
    photos = new Photos(mode, problems::putIfAbsent);
  }

  /**
   * Reads and judges.
   *
   * @param seen called for each photo
   */
  void read(List<Path> files, int threads, Runnable seen) {
    List<PhotoScan> scans = scans(files, threads, seen);
    for (PhotoScan scan : scans) {
      String name = scan.file().getFileName().toString();
      if (!scan.decodes()) {
        String why = scan.damage() == null ? problems.get(scan.file()) : scan.damage();
        findings.add(
            Severity.ERROR,
            "photos that cannot be decoded",
            name + " " + why,
            names.apply(scan.file()));
      } else if (scan.damage() != null) {
        findings.add(
            Severity.WARNING,
            "truncated photos",
            name + " " + scan.damage(),
            names.apply(scan.file()));
      }
    }
    photos
        .orientations()
        .photos()
        .forEach(
            (file, how) ->
                findings.add(
                    Severity.NOTE,
                    "photos with an orientation mark (EXIF)",
                    file.getFileName() + " " + how,
                    names.apply(file)));
    identical(scans);
    alike(scans.stream().filter(PhotoScan::decodes).toList());
  }

  private List<PhotoScan> scans(List<Path> files, int threads, Runnable seen) {
    List<PhotoScan> scans = new ArrayList<>();
    Workers.run(
        threads,
        files.stream()
            .<Supplier<PhotoScan>>map(file -> () -> PhotoScan.of(file, sizes.apply(file), photos))
            .toList(),
        scan -> {
          scans.add(scan);
          seen.run();
        });
    return scans;
  }

  private void identical(List<PhotoScan> scans) {
    for (List<PhotoScan> group : groups(scans, true)) {
      for (PhotoScan other : group.subList(1, group.size())) {
        if (sameBytes(group.get(0).file(), other.file())) {
          add("duplicate photos (identical files)", group.get(0), other);
        }
      }
    }
  }

  private void alike(List<PhotoScan> scans) {
    for (List<PhotoScan> group : groups(scans, false)) {
      for (PhotoScan other : group.subList(1, group.size())) {
        PhotoScan first = group.get(0);
        if (first.pattern() != 0
            && other.checksum() != first.checksum()
            && other.difference(first) < SAME) {
          add("duplicate photos (same picture, different files)", first, other);
        }
      }
    }
  }

  private static Collection<List<PhotoScan>> groups(List<PhotoScan> scans, boolean byBytes) {
    Map<Long, List<PhotoScan>> groups = new TreeMap<>();
    for (PhotoScan scan : scans) {
      groups
          .computeIfAbsent(byBytes ? scan.checksum() : scan.pattern(), k -> new ArrayList<>())
          .add(scan);
    }
    groups.values().removeIf(group -> group.size() < 2);
    return groups.values();
  }

  private void add(String title, PhotoScan first, PhotoScan other) {
    findings.add(
        Severity.WARNING,
        title,
        first.file().getFileName() + " and " + other.file().getFileName(),
        names.apply(first.file()),
        names.apply(other.file()));
  }

  private static boolean sameBytes(Path a, Path b) {
    try {
      return Files.mismatch(a, b) < 0;
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(b, e), e);
    }
  }
}
