package dev.selvage.cli.evaluation;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Detections of many photos, their masks as short texts: some 300 bytes each. */
public final class KeptDetections {
  private record Kept(
      int classId, double score, Box box, double area, int height, int width, byte[] mask) {
    static Kept of(Detection d) {
      return new Kept(
          d.classId(),
          d.score(),
          d.box(),
          d.area(),
          d.mask().height(),
          d.mask().width(),
          CocoRle.write(d.mask()).getBytes(StandardCharsets.US_ASCII));
    }

    Detection detection() {
      Rle rle = CocoRle.read(new String(mask, StandardCharsets.US_ASCII), height, width);
      return new Detection(classId, score, box, area, rle);
    }
  }

  private final List<List<Kept>> photos = new ArrayList<>();

  /** Adds the next photo. */
  public void add(List<Detection> found) {
    photos.add(found.stream().map(Kept::of).toList());
  }

  /** Those of a photo, in the order in which they were added. */
  public List<Detection> of(int photo) {
    return photos.get(photo).stream().map(Kept::detection).toList();
  }
}
