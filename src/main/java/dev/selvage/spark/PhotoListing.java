package dev.selvage.spark;

import dev.selvage.data.image.PhotoFiles;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The photos of a URI, listed by the driver. Spark's own {@code binaryFile} would leave out names
 * that begin with an underscore, as many cameras write them.
 *
 * @param photos URIs in ascending order
 * @param others how many files of folders do not end like a photo
 * @param example one of these files; null where there is none
 */
record PhotoListing(List<String> photos, int others, String example) {
  private static final String EXPECTED =
      "a photo, a folder that holds photos at whatever depth, or a pattern for these";

  /**
   * Lists a file, a folder with all folders in it, or what matches a pattern such as {@code
   * photos/*.jpg}.
   *
   * @throws UserError there is no photo, or it cannot be read
   */
  static PhotoListing of(String uri, Configuration hadoop) {
    List<String> photos = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try {
      Path path = new Path(uri);
      FileSystem files = path.getFileSystem(hadoop);
      Deque<FileStatus> folders = new ArrayDeque<>();
      for (FileStatus root : roots(files, path)) {
        if (root.isDirectory()) {
          folders.add(root);
        } else {
          photos.add(root.getPath().toString());
        }
      }
      while (!folders.isEmpty()) {
        // listFiles would start a process for each file of a local disk, to know who may read it
        for (FileStatus inside : files.listStatus(folders.remove().getPath())) {
          if (inside.isDirectory()) {
            folders.add(inside);
          } else {
            Path file = inside.getPath();
            (PhotoFiles.isPhotoName(file.getName()) ? photos : others).add(file.toString());
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "--images: expected %s, found that %s cannot be read (%s)"
              .formatted(EXPECTED, uri, e.getMessage()),
          e);
    }
    if (photos.isEmpty()) {
      throw new UserError("--images: expected %s, found none in %s".formatted(EXPECTED, uri));
    }
    photos.sort(null);
    return new PhotoListing(
        photos, others.size(), others.stream().min(String::compareTo).orElse(null));
  }

  /** A path that exists is no pattern, even with brackets in its name. */
  private static FileStatus[] roots(FileSystem files, Path path) throws IOException {
    if (files.exists(path)) {
      return new FileStatus[] {files.getFileStatus(path)};
    }
    FileStatus[] matches = files.globStatus(path);
    return matches == null ? new FileStatus[0] : matches;
  }

  /** A sentence about files that are left out; empty where there are none. */
  Optional<String> leftOut() {
    return Optional.ofNullable(example)
        .map(
            file ->
                "%d %s left out, whose names do not end like a photo's, such as %s"
                    .formatted(others, others == 1 ? "file is" : "files are", file));
  }
}
