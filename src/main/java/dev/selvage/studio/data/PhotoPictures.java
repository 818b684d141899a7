package dev.selvage.studio.data;

import dev.selvage.config.ExifMode;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.report.Jpeg;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Pictures of photos as JPEG: thumbnails, and tiles of large photos at several sizes. Those used
 * last are kept. Of the photos behind tiles only one is decoded at a time, so that the memory is
 * that of one photo, which {@link Photos} refuses where it is too much. Thread-safe.
 */
final class PhotoPictures implements AutoCloseable {
  /** JPEG files are decoded at 1/8 of their size at least. */
  private static final int MOST_REDUCTION_LEVEL = 3;

  private static final long KEPT_BYTES = 48L << 20;

  private final ExifMode mode;
  private final ByteCache kept = new ByteCache(KEPT_BYTES);

  /**
   * The photo behind the last tile, and its level; guarded by this object's lock. Null at first.
   */
  private Mat decoded;

  private Path decodedFile;
  private int decodedLevel;

  /**
   * Pictures of photos.
   *
   * @param mode what an orientation mark means where the annotations do not tell
   */
  PhotoPictures(ExifMode mode) {
    this.mode = mode;
  }

  /**
   * A small picture of a photo.
   *
   * @param size as the annotations state it, else empty
   * @throws UserError it cannot be decoded, or takes too much memory
   */
  byte[] thumbnail(Path file, Optional<PhotoSize> size) {
    String key = "thumbnail " + file;
    Optional<byte[]> known = kept.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] bytes =
        read(
            file,
            photos -> {
              Optional<PhotoSize> shown = size.or(() -> photos.size(file));
              return shown.flatMap(
                  s ->
                      photos
                          .atLeast(file, s, PictureSizes.THUMBNAIL)
                          .map(
                              photo -> {
                                try (photo) {
                                  PhotoSize small = PictureSizes.thumbnail(s);
                                  return Jpeg.small(photo, small.height(), small.width()).bytes();
                                }
                              }));
            });
    kept.put(key, bytes);
    return bytes;
  }

  /**
   * A part of a photo.
   *
   * @param level see {@link PictureSizes#levels}
   * @param x column of the tile, from 0
   * @throws UserError there is no such tile, or the photo cannot be decoded
   */
  byte[] tile(Path file, PhotoSize size, int level, int x, int y) {
    PhotoSize scaled =
        PictureSizes.level(size, Math.max(0, Math.min(level, PictureSizes.levels(size) - 1)));
    if (level < 0
        || level >= PictureSizes.levels(size)
        || x < 0
        || y < 0
        || x > (scaled.width() - 1) / PictureSizes.TILE
        || y > (scaled.height() - 1) / PictureSizes.TILE) {
      throw new UserError(
          "%s: expected a tile of one of its %d levels, found none at level %d, column %d, row %d"
              .formatted(file.getFileName(), PictureSizes.levels(size), level, x, y));
    }
    String key = "%d %d %d %s".formatted(level, x, y, file);
    Optional<byte[]> known = kept.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] bytes = cut(file, size, level, scaled, x, y);
    kept.put(key, bytes);
    return bytes;
  }

  private synchronized byte[] cut(
      Path file, PhotoSize size, int level, PhotoSize scaled, int x, int y) {
    int shift = level - decode(file, size, Math.min(level, MOST_REDUCTION_LEVEL));
    // in the decoded photo, whose sides JPEG rounds up and other formats may round down
    int left = Math.min((x * PictureSizes.TILE) << shift, decoded.cols() - 1);
    int top = Math.min((y * PictureSizes.TILE) << shift, decoded.rows() - 1);
    int width = Math.min(PictureSizes.TILE, scaled.width() - x * PictureSizes.TILE);
    int height = Math.min(PictureSizes.TILE, scaled.height() - y * PictureSizes.TILE);
    try (Rect place =
            new Rect(
                left,
                top,
                Math.min(width << shift, decoded.cols() - left),
                Math.min(height << shift, decoded.rows() - top));
        Mat part = new Mat(decoded, place)) {
      return Jpeg.small(part, height, width).bytes();
    }
  }

  /**
   * Decodes a photo, unless it is there at this or a higher level of detail.
   *
   * @param level wanted
   * @return the level that is there
   */
  private int decode(Path file, PhotoSize size, int level) {
    if (!file.equals(decodedFile) || decodedLevel > level) {
      close(); // before the next is decoded, so that there is room for it
      int longest = Math.max(size.height(), size.width()) >> level;
      decoded = read(file, photos -> photos.atLeast(file, size, longest));
      decodedFile = file;
      decodedLevel = level;
    }
    return decodedLevel;
  }

  /** Reads a photo; the reason why it cannot be used becomes an error. */
  private <T> T read(Path file, Function<Photos, Optional<T>> reader) {
    AtomicReference<String> why = new AtomicReference<>("cannot be used");
    Photos photos = new Photos(mode, (path, reason) -> why.set(reason));
    return reader
        .apply(photos)
        .orElseThrow(() -> new UserError(file.getFileName() + ": " + why.get()));
  }

  /** Frees the decoded photo. */
  @Override
  public synchronized void close() {
    if (decoded != null) {
      decoded.close();
    }
    decoded = null;
    decodedFile = null;
  }
}
