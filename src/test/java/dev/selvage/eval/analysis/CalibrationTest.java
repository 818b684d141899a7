package dev.selvage.eval.analysis;

import static dev.selvage.eval.analysis.Cases.found;
import static dev.selvage.eval.analysis.Cases.photo;
import static dev.selvage.eval.analysis.Cases.row;
import static dev.selvage.eval.analysis.Cases.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  /** Range 0.8 to 0.9: scores 0.8 and 0.88, one right; the last range: 1.0, right. */
  @Test
  void isTheMeanDifference() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(1)),
            List.of(found(1, .8), found(1, .88), found(1, 1)),
            row(0, 0),
            row(.9, 0),
            row(0, .9));
    Calibration calibration = Calibration.of(List.of(photo));
    assertEquals((2 * Math.abs(.84 - .5) + 0) / 3, calibration.error(), 1e-12);
    Calibration.Bin bin = calibration.bins().get(8);
    assertEquals(2, bin.count());
    assertEquals(.84, bin.meanScore(), 1e-12);
    assertEquals(.5, bin.precision(), 1e-12);
    assertEquals(1, calibration.bins().get(9).count());
    assertTrue(Double.isNaN(calibration.bins().get(0).precision()));
  }

  @Test
  void withoutDetectionsThereIsNone() {
    assertTrue(Double.isNaN(Calibration.of(List.of()).error()));
  }
}
