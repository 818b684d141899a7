package dev.selvage.sample.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.sample.label.Label;
import dev.selvage.sample.paint.Canvas;
import dev.selvage.sample.paint.Placement;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.paint.Shape;
import dev.selvage.sample.paint.Stencil;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SceneTest {
  @Test
  void masksAreDisjointButForPartsWhichLieInsideTheirGarment() {
    int parts = 0;
    for (int i = 0; i < 15; i++) {
      Scene.Photo photo = Scene.photo(new RandomChoices(3, i));
      Map<Integer, Label> byLayer = new HashMap<>();
      photo.labels().forEach(label -> byLayer.put(label.layer(), label));
      List<Label> labels = photo.labels();
      for (int a = 0; a < labels.size(); a++) {
        assertEquals(photo.height(), labels.get(a).mask().height());
        assertEquals(photo.width(), labels.get(a).mask().width());
        for (int b = a + 1; b < labels.size(); b++) {
          Label one = labels.get(a);
          Label two = labels.get(b);
          int common = one.mask().intersection(two.mask());
          if (two.garment() == one.layer()) {
            assertEquals(two.mask().area(), common, one.kind() + " and " + two.kind());
            parts++;
          } else if (one.garment() == two.layer()) {
            assertEquals(one.mask().area(), common, one.kind() + " and " + two.kind());
          } else {
            assertEquals(0, common, one.kind() + " and " + two.kind());
          }
        }
      }
    }
    assertTrue(parts > 30, parts + " parts seen");
  }

  @Test
  void sizesVaryWithinTheirLimits() {
    int landscape = 0;
    for (int i = 0; i < 30; i++) {
      Scene.Photo photo = Scene.photo(new RandomChoices(5, i));
      assertTrue(Math.min(photo.width(), photo.height()) >= 256);
      assertTrue(Math.max(photo.width(), photo.height()) <= 640);
      landscape += photo.width() > photo.height() ? 1 : 0;
    }
    assertTrue(landscape > 0 && landscape < 15, landscape + " in landscape");
  }

  @Test
  void aPixelBelongsToAShapeThatCoversHalfOfIt() {
    Canvas canvas = new Canvas(8, 8);
    Stencil stencil = Stencil.of(Shape.box(1, 1.4, 3.6, 4), Placement.PHOTO, 8, 8, 2);
    canvas.paint(
        stencil,
        (x, y, out) -> {
          out[0] = 1;
          out[3] = 1;
        },
        9);
    StringBuilder rows = new StringBuilder();
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        rows.append(canvas.top()[y * 8 + x]);
      }
      rows.append(' ');
    }
    assertEquals("00000 09990 09990 09990 00000 ", rows.toString());
    assertEquals(0.6, canvas.rgb()[3 * (1 * 8 + 1)], 0.2);
    assertEquals(0.6, canvas.rgb()[3 * (2 * 8 + 3)], 0.2);
  }
}
