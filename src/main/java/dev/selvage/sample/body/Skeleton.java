package dev.selvage.sample.body;

import dev.selvage.sample.paint.Frame;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Vec;

/** A body in a pose: where its joints are, in figure units with the ground at y = 0. */
public final class Skeleton {
  static final double HEAD_WIDTH = 6.5;
  static final double HEAD_HEIGHT = 8.1;

  private static final double TRUNK = 28;
  private static final double THIGH = 22.3;
  private static final double SHIN = 22.3;
  private static final double UPPER_ARM = 14.2;
  private static final double FOREARM = 12.8;

  /** From the ankle down to the ground. */
  static final double ANKLE = 4.6;

  public final Body body;
  public final Pose pose;
  private final Limb[] arms = new Limb[2];
  private final Limb[] legs = new Limb[2];
  private final Vec pelvis;

  public Skeleton(Body body, Pose pose) {
    this.body = body;
    this.pose = pose;
    double lowest = Double.MAX_VALUE;
    for (int side = 0; side < 2; side++) {
      lowest = Math.min(lowest, leg(side, legRoot(side, new Vec(0, 0))).end().y());
    }
    pelvis = new Vec(0, ANKLE - lowest);
    for (int side = 0; side < 2; side++) {
      legs[side] = leg(side, legRoot(side, pelvis));
      Vec shoulder = trunk(out(side) * (body.shoulder() - 1.3), 0.88);
      Vec elbow = shoulder.plus(limb(side, pose.arms()[side][0], UPPER_ARM));
      arms[side] = new Limb(shoulder, elbow, elbow.plus(limb(side, pose.arms()[side][1], FOREARM)));
    }
  }

  public Limb arm(int side) {
    return arms[side];
  }

  public Limb leg(int side) {
    return legs[side];
  }

  /** -1 for side 0, 1 for side 1. */
  public static int out(int side) {
    return 2 * side - 1;
  }

  /**
   * A place on the trunk.
   *
   * @param x across, in figure units from its middle line
   * @param h along, 0 at the hip joints and 1 at the base of the neck; below 0 straight down
   */
  public Vec trunk(double x, double h) {
    double along = Math.max(0, h);
    Vec middle = pelvis.plus(Vec.hanging(180 - pose.lean() * along * 0.8, TRUNK * along));
    if (h < 0) {
      middle = middle.plus(0, TRUNK * h);
    }
    double bent = Math.min(1, along);
    double tilt = pose.hips() * (1 - bent) + (pose.shoulders() - pose.lean()) * bent;
    return middle.plus(new Vec(x, 0).turned(h < 0 ? pose.hips() * Math.max(0, 1 + h) : tilt));
  }

  public Vec trunk(Vec xh) {
    return trunk(xh.x(), xh.y());
  }

  /** The pattern's frame of cloth on the trunk. */
  public Frame trunkFrame() {
    return Frame.along(trunk(0, 1), trunk(0, 0));
  }

  /** A place on the head, from its middle. */
  public Vec head(double x, double y) {
    return headCentre().plus(new Vec(x, y).turned(headTilt()));
  }

  public Vec head(Vec p) {
    return head(p.x(), p.y());
  }

  Vec headCentre() {
    return trunk(0, 1).plus(Vec.hanging(180 + 0.5 * headTilt(), 12));
  }

  double headTilt() {
    return pose.head() - pose.lean() * 0.5;
  }

  /** The leg whose foot is farther up the picture, and so farther away. */
  public int rearLeg() {
    return legs[0].end().y() > legs[1].end().y() ? 0 : 1;
  }

  /** Where an arm grows out of the trunk. */
  public Shape shoulder(int side, double radius) {
    Vec root = arms[side].root();
    Vec inward = trunk(0, 0.86).minus(root).unit();
    return Shape.sweep(
            new Vec[] {root, root.plus(inward.times(5))}, new double[] {radius, radius * 1.5})
        .and(Shape.disc(root, radius));
  }

  private Vec legRoot(int side, Vec hips) {
    return hips.plus(new Vec(out(side) * 0.53 * body.hip(), -1.2).turned(pose.hips()));
  }

  private Limb leg(int side, Vec root) {
    Vec knee = root.plus(limb(side, pose.legs()[side][0], THIGH));
    return new Limb(root, knee, knee.plus(limb(side, pose.legs()[side][1], SHIN)));
  }

  private static Vec limb(int side, double degrees, double length) {
    return Vec.hanging(out(side) * degrees, length);
  }
}
