package dev.selvage.predict;

import dev.selvage.model.Candidates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes one set of candidates of those of several views of a photo, seen by one model or several.
 * This is weighted box fusion (Solovyev et al. 2021) in which each view has at most one candidate
 * of an object: candidates of a class that overlap become one, whose box is the mean of theirs,
 * weighted by their scores. Its score is the mean over all views, 0 in one that does not have it.
 * Its mask is the mean of their probabilities, laid onto the common box.
 */
final class ViewMerger {
  /** Box IoU from which two candidates are of one object. */
  private static final double SAME = 0.6;

  private final Molding base;
  private final int side;
  private final int views;
  private final List<Cluster> clusters = new ArrayList<>();

  private ViewMerger(Molding base, int side, int views) {
    this.base = base;
    this.side = side;
    this.views = views;
  }

  /**
   * A candidate of a view.
   *
   * @param view number of the model and view that has it
   * @param box (y1,x1,y2,x2) in pixels of the first view's image, far edges exclusive
   */
  private record Member(
      int view, int classId, float score, boolean best, double[] box, float[] mask, int side) {}

  private static final class Cluster {
    private final List<Member> members = new ArrayList<>();
    private double[] box;

    void add(Member member) {
      members.add(member);
      box = new double[4];
      double weight = members.stream().mapToDouble(Member::score).sum();
      for (Member m : members) {
        for (int k = 0; k < 4; k++) {
          box[k] += m.score / weight * m.box[k];
        }
      }
    }

    boolean mayTake(Member member) {
      return members.get(0).classId == member.classId
          && members.stream().noneMatch(m -> m.view == member.view);
    }

    float score(int views) {
      return (float) (members.stream().mapToDouble(Member::score).sum() / views);
    }
  }

  /**
   * Merges.
   *
   * @param said by each model about each view, with masks, for the photo that is not mirrored
   * @param places the photo's place in the image of each view
   * @return by falling score, in the image of the first view, with masks of the largest size
   */
  static Candidates merge(List<Candidates> said, List<Molding> places) {
    ViewMerger merger =
        new ViewMerger(
            places.get(0),
            said.stream().mapToInt(Candidates::side).max().orElseThrow(),
            said.size());
    List<Member> members = new ArrayList<>();
    for (int v = 0; v < said.size(); v++) {
      for (int i = 0; i < said.get(v).size(); i++) {
        members.add(merger.member(v, said.get(v), i, places.get(v)));
      }
    }
    members.sort(Comparator.comparingDouble(m -> -m.score));
    members.forEach(merger::join);
    return merger.candidates();
  }

  private Member member(int view, Candidates said, int i, Molding place) {
    float[] mask = new float[said.side() * said.side()];
    System.arraycopy(said.masks(), i * mask.length, mask, 0, mask.length);
    return new Member(
        view,
        said.classIds()[i],
        said.scores()[i],
        said.best()[i],
        place.toImageOf(base, said.boxes(), i),
        mask,
        said.side());
  }

  private void join(Member member) {
    Cluster nearest = null;
    double most = SAME;
    for (Cluster cluster : clusters) {
      if (cluster.mayTake(member)) {
        double iou = iou(cluster.box, member.box);
        if (iou > most) {
          most = iou;
          nearest = cluster;
        }
      }
    }
    if (nearest == null) {
      nearest = new Cluster();
      clusters.add(nearest);
    }
    nearest.add(member);
  }

  private static double iou(double[] a, double[] b) {
    double h = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    double w = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    double common = Math.max(h, 0) * Math.max(w, 0);
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common);
  }

  private Candidates candidates() {
    clusters.sort(Comparator.comparingDouble(c -> -c.score(views)));
    int count = clusters.size();
    Candidates all =
        new Candidates(
            new float[4 * count],
            new int[count],
            new float[count],
            new boolean[count],
            new float[side * side * count],
            side);
    for (int i = 0; i < count; i++) {
      Cluster cluster = clusters.get(i);
      all.classIds()[i] = cluster.members.get(0).classId;
      all.scores()[i] = cluster.score(views);
      all.best()[i] = cluster.members.get(0).best;
      base.toModel(cluster.box, all.boxes(), i);
      for (Member member : cluster.members) {
        addMask(all.masks(), i * side * side, cluster, member);
      }
    }
    return all;
  }

  /** Adds a member's share of the probabilities; it has none outside its own box. */
  private void addMask(float[] out, int offset, Cluster cluster, Member member) {
    double weight = member.score / cluster.members.stream().mapToDouble(Member::score).sum();
    for (int y = 0; y < side; y++) {
      double down = cell(cluster.box, member, 0, y);
      for (int x = 0; x < side; x++) {
        double across = cell(cluster.box, member, 1, x);
        out[offset + y * side + x] += (float) (weight * at(member, down, across));
      }
    }
  }

  /** The place of a cell's centre in a member's mask, in its cells from the centre of the first. */
  private double cell(double[] box, Member member, int axis, int i) {
    double place = box[axis] + (i + 0.5) / side * (box[axis + 2] - box[axis]);
    double[] own = member.box;
    return (place - own[axis]) / (own[axis + 2] - own[axis]) * member.side - 0.5;
  }

  private static double at(Member mask, double y, double x) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double fy = y - top;
    double fx = x - left;
    double upper = value(mask, top, left) * (1 - fx) + value(mask, top, left + 1) * fx;
    double lower = value(mask, top + 1, left) * (1 - fx) + value(mask, top + 1, left + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  }

  private static double value(Member member, int y, int x) {
    int side = member.side;
    // a cell beyond the edge repeats the edge: a box that is a little larger has no rim of zeros
    boolean inside = y >= -1 && y <= side && x >= -1 && x <= side;
    int row = Math.min(Math.max(y, 0), side - 1);
    int column = Math.min(Math.max(x, 0), side - 1);
    return inside ? member.mask[row * side + column] : 0;
  }
}
