package dev.selvage.mask;

import java.util.Arrays;

/** A growing list of points with integer coordinates. */
final class PointList {
  private int[] coordinates;
  private int size;

  PointList(int capacity) {
    coordinates = new int[2 * capacity];
  }

  void add(int x, int y) {
    if (2 * size == coordinates.length) {
      coordinates = Arrays.copyOf(coordinates, 4 * size);
    }
    coordinates[2 * size] = x;
    coordinates[2 * size + 1] = y;
    size++;
  }

  /** Flat x1,y1,x2,y2,... */
  double[] toArray() {
    return Arrays.stream(coordinates, 0, 2 * size).asDoubleStream().toArray();
  }

  int size() {
    return size;
  }

  int x(int i) {
    return coordinates[2 * i];
  }

  int y(int i) {
    return coordinates[2 * i + 1];
  }
}
