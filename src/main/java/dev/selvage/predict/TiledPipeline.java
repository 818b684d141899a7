package dev.selvage.predict;

import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.mask.Rle;
import dev.selvage.predict.PredictionPipeline.Outcome;
import dev.selvage.predict.PredictionPipeline.Receiver;
import dev.selvage.predict.tiles.Tile;
import dev.selvage.predict.tiles.TileMerger;
import dev.selvage.predict.tiles.Tiling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Runs the model on many photos and on the tiles of those that are larger than a tile. Of all
 * photos only one is in memory at its own size, and only a few of its tiles.
 */
public final class TiledPipeline {
  /**
   * What the model sees at a time.
   *
   * @param photo its place among all photos of the run
   * @param size of the photo; empty where it cannot be decoded
   * @param tile empty for the whole photo
   * @param last whether no other part of the photo follows
   */
  private record Part(int photo, Optional<PhotoSize> size, Optional<Tile> tile, boolean last) {}

  private final List<Path> files;
  private final Predictor predictor;
  private final List<Part> parts = new ArrayList<>();

  /** The photo whose tiles are being loaded; used by the thread that loads. */
  private Optional<Mat> decoded = Optional.empty();

  /** What is found in the photo that is being finished; null where a part cannot be decoded. */
  private TileMerger merger;

  private TiledPipeline(List<Path> files, Predictor predictor) {
    this.files = files;
    this.predictor = predictor;
  }

  /**
   * Runs all photos.
   *
   * @param sizes of each photo, by its place; empty where it cannot be decoded
   * @param predictor of photos as they are
   */
  public static void over(
      List<Path> files,
      IntFunction<Optional<PhotoSize>> sizes,
      Predictor predictor,
      Tiling tiling,
      Receiver receiver) {
    TiledPipeline run = new TiledPipeline(files, predictor);
    for (int i = 0; i < files.size(); i++) {
      Optional<PhotoSize> size = sizes.apply(i);
      List<Tile> tiles = size.map(tiling::of).orElse(List.of());
      run.parts.add(new Part(i, size, Optional.empty(), tiles.isEmpty()));
      for (int t = 0; t < tiles.size(); t++) {
        run.parts.add(new Part(i, size, Optional.of(tiles.get(t)), t == tiles.size() - 1));
      }
    }
    run.run(receiver);
  }

  private void run(Receiver receiver) {
    Predictor overlapping = predictor.withOverlaps();
    // what is computed is in the order of the parts, but for those that cannot be loaded
    new Pipeline<LoadedPart, Supplier<List<Detection>>>(
            i -> load(parts.get(i)),
            loaded -> (loaded.alone ? predictor : overlapping).compute(loaded.views),
            (i, found) -> finish(parts.get(i), found.map(Supplier::get), receiver))
        .run(parts.size());
  }

  /**
   * A part, ready for the model.
   *
   * @param alone whether it is all that is seen of its photo
   */
  private record LoadedPart(LoadedViews views, boolean alone) implements AutoCloseable {
    @Override
    public void close() {
      views.close();
    }
  }

  private Optional<LoadedPart> load(Part part) {
    if (part.size.isEmpty()) {
      return Optional.empty();
    }
    Path file = files.get(part.photo);
    Optional<LoadedViews> views;
    if (part.tile.isEmpty()) {
      views = predictor.loadViews(file, part.size.get());
    } else {
      if (decoded.isEmpty()) {
        decoded = predictor.photos().atLeast(file, part.size.get(), Integer.MAX_VALUE);
      }
      Tile tile = part.tile.get();
      views =
          decoded.flatMap(
              photo ->
                  predictor.loadViews(
                      plan -> Optional.of(Photos.part(photo, tile.top(), tile.left(), plan)),
                      tile.size()));
    }
    if (part.last) {
      decoded.ifPresent(Mat::close);
      decoded = Optional.empty();
    }
    return views.map(v -> new LoadedPart(v, part.tile.isEmpty() && part.last));
  }

  private void finish(Part part, Optional<List<Detection>> found, Receiver receiver) {
    boolean first = part.tile.isEmpty();
    if (first && part.last) {
      receiver.accept(part.photo, found.map(f -> new Outcome(part.size.get(), f)));
      return;
    }
    if (first) {
      merger = new TileMerger(predictor.rules().nms(), predictor.rules().nmsAcross());
    }
    if (found.isEmpty()) {
      merger = null;
    } else if (merger != null) {
      merger.add(part.tile, found.get());
    }
    if (part.last) {
      Optional<TileMerger> all = Optional.ofNullable(merger);
      receiver.accept(part.photo, all.map(m -> new Outcome(part.size.get(), apart(m.merged()))));
    }
  }

  private List<Detection> apart(List<Detection> found) {
    Rle[] seen =
        predictor
            .rules()
            .overlaps()
            .visible(found.stream().map(Detection::mask).toArray(Rle[]::new));
    List<Detection> apart = new ArrayList<>();
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] != null) {
        Detection d = found.get(i);
        apart.add(new Detection(d.classId(), d.score(), d.box(), d.area(), seen[i]));
      }
    }
    return apart;
  }
}
