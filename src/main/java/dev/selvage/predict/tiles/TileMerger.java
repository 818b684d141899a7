package dev.selvage.predict.tiles;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.mask.Rle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes objects of a photo of what is found in the whole photo and in each of its tiles. Objects
 * that end at a border between tiles are pieces. Pieces of neighbours whose masks agree where the
 * tiles overlap become one object. Then non-maximum suppression takes the surest of those that are
 * found several times, and what is made of pieces goes where an object that is none covers it.
 */
public final class TileMerger {
  /** IoU in the common part of two tiles from which two pieces are of one object. */
  private static final double AGREE = 0.5;

  /** Part of a piece from which another object covers it. */
  private static final double COVERED = 0.5;

  private final double nms;
  private final double nmsAcross;

  /** Objects that do not go on beyond the photo or the tile in which they were found. */
  private final List<Detection> whole = new ArrayList<>();

  private final List<Piece> pieces = new ArrayList<>();

  /** An object that may go on beyond its tile. */
  private record Piece(Tile tile, Detection found) {}

  /** Two pieces of one object. */
  private record Pair(int one, int two, double agreement) {}

  /**
   * A merger of one photo that has found nothing yet.
   *
   * @param nms box IoU above which an object suppresses others of its class with lower scores
   * @param nmsAcross the same for objects of other classes
   */
  public TileMerger(double nms, double nmsAcross) {
    this.nms = nms;
    this.nmsAcross = nmsAcross;
  }

  /**
   * Adds what was found in the photo or in one of its tiles.
   *
   * @param tile empty for the whole photo
   * @param found in pixels of the tile
   */
  public void add(Optional<Tile> tile, List<Detection> found) {
    for (Detection d : found) {
      if (tile.isEmpty()) {
        whole.add(d);
      } else if (tile.get().cuts(d.box())) {
        pieces.add(new Piece(tile.get(), tile.get().onPhoto(d)));
      } else {
        whole.add(tile.get().onPhoto(d));
      }
    }
  }

  /** The objects of the photo, highest score first; their masks may overlap. */
  public List<Detection> merged() {
    Comparator<Detection> surest = Comparator.comparingDouble(d -> -d.score());
    whole.sort(surest);
    List<Detection> kept = new ArrayList<>();
    for (Detection d : whole) {
      if (kept.stream().noneMatch(k -> suppresses(k, d))) {
        kept.add(d);
      }
    }
    List<Detection> ofPieces =
        groups().stream()
            .map(group -> group.size() > 1 ? united(group) : group.get(0).found)
            .sorted(surest)
            .toList();
    for (Detection d : ofPieces) {
      if (kept.stream().noneMatch(k -> suppresses(k, d) || covers(k, d))) {
        kept.add(d);
      }
    }
    kept.sort(surest);
    return kept;
  }

  private boolean suppresses(Detection kept, Detection other) {
    double common = kept.box().intersection(other.box());
    double iou = common / (kept.box().area() + other.box().area() - common);
    return iou > (kept.classId() == other.classId() ? nms : nmsAcross);
  }

  private static boolean covers(Detection kept, Detection piece) {
    return kept.classId() == piece.classId()
        && kept.box().intersection(piece.box()) > 0
        && kept.mask().intersection(piece.mask()) > COVERED * piece.mask().area();
  }

  /** The pieces of each object, at most one of each tile. */
  private List<List<Piece>> groups() {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      for (int j = 0; j < i; j++) {
        double agreement = agreement(pieces.get(i), pieces.get(j));
        if (agreement >= AGREE) {
          pairs.add(new Pair(j, i, agreement));
        }
      }
    }
    pairs.sort(Comparator.comparingDouble(p -> -p.agreement));
    List<List<Piece>> groupOf = new ArrayList<>();
    pieces.forEach(piece -> groupOf.add(new ArrayList<>(List.of(piece))));
    for (Pair pair : pairs) {
      List<Piece> one = groupOf.get(pair.one);
      List<Piece> two = groupOf.get(pair.two);
      if (one != two && one.stream().noneMatch(a -> two.stream().anyMatch(b -> a.tile == b.tile))) {
        one.addAll(two);
        groupOf.replaceAll(group -> group == two ? one : group);
      }
    }
    List<List<Piece>> groups = new ArrayList<>();
    for (List<Piece> group : groupOf) {
      if (groups.stream().noneMatch(known -> known == group)) {
        groups.add(group);
      }
    }
    return groups;
  }

  /** IoU of the masks in the part of the photo that both tiles show; 0 for other classes. */
  private static double agreement(Piece a, Piece b) {
    if (a.tile == b.tile
        || a.found.classId() != b.found.classId()
        || a.found.box().intersection(b.found.box()) == 0) {
      return 0;
    }
    int both = a.found.mask().intersection(b.found.mask());
    if (both == 0) {
      return 0;
    }
    Rle common = a.tile.common(b.tile);
    int either = a.found.mask().intersection(common) + b.found.mask().intersection(common) - both;
    return (double) both / either;
  }

  /** One object of its pieces: their pixels, and the mean score weighted by their areas. */
  private static Detection united(List<Piece> group) {
    List<Rle> masks = group.stream().map(piece -> piece.found.mask()).toList();
    double area = masks.stream().mapToDouble(Rle::area).sum();
    double score =
        group.stream().mapToDouble(p -> p.found.score() * p.found.mask().area() / area).sum();
    double x1 = group.stream().mapToDouble(p -> p.found.box().x()).min().orElseThrow();
    double y1 = group.stream().mapToDouble(p -> p.found.box().y()).min().orElseThrow();
    double x2 = group.stream().mapToDouble(p -> right(p.found.box())).max().orElseThrow();
    double y2 = group.stream().mapToDouble(p -> bottom(p.found.box())).max().orElseThrow();
    Rle first = masks.get(0);
    return new Detection(
        group.get(0).found.classId(),
        score,
        new Box(x1, y1, x2 - x1, y2 - y1),
        Rle.union(masks, first.height(), first.width()));
  }

  private static double right(Box box) {
    return box.x() + box.width();
  }

  private static double bottom(Box box) {
    return box.y() + box.height();
  }
}
