package dev.selvage.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.report.CaptionLayout.Area;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CaptionLayoutTest {
  @Test
  void putsALoneCaptionOnTopOfItsBox() {
    Area area = new CaptionLayout(400, 300, 2, List.of()).place(new Area(50, 100, 80, 60), 40, 12);
    assertEquals(new Area(50, 88, 40, 12), area);
  }

  @Test
  void keepsCaptionsInsideThePicture() {
    CaptionLayout layout = new CaptionLayout(100, 80, 1, List.of());
    for (int x : new int[] {0, 50, 95}) {
      for (int y : new int[] {0, 40, 75}) {
        Area area = layout.place(new Area(x, y, 5, 5), 60, 12);
        assertTrue(area.x() >= 0 && area.right() <= 100, area::toString);
        assertTrue(area.y() >= 0 && area.bottom() <= 80, area::toString);
      }
    }
  }

  @Test
  void leavesSmallObjectsVisible() {
    Area box = new Area(50, 100, 80, 60);
    Area above = new Area(60, 90, 20, 8);
    Area placed = new CaptionLayout(400, 300, 2, List.of(box, above)).place(box, 40, 12);
    assertEquals(0, placed.common(above), placed::toString);
    assertEquals(0, CaptionLayout.distance(placed, box));
  }

  @Test
  void keepsCaptionsOfCrowdedBoxesApart() {
    Random random = new Random(5);
    CaptionLayout layout = new CaptionLayout(600, 900, 2, List.of());
    List<Area> placed = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Area box = new Area(250 + random.nextInt(60), 300 + random.nextInt(60), 30, 30);
      placed.add(layout.place(box, 90, 18));
    }
    for (int i = 0; i < placed.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertEquals(0, placed.get(i).common(placed.get(j)), placed.get(i) + " " + placed.get(j));
      }
    }
  }
}
