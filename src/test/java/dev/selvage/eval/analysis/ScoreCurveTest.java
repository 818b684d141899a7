package dev.selvage.eval.analysis;

import static dev.selvage.eval.analysis.Cases.crowd;
import static dev.selvage.eval.analysis.Cases.found;
import static dev.selvage.eval.analysis.Cases.photo;
import static dev.selvage.eval.analysis.Cases.row;
import static dev.selvage.eval.analysis.Cases.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.eval.analysis.ScoreCurve.Point;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreCurveTest {
  /** Right 0.9, wrong 0.8 and right 0.8, wrong 0.3; three objects. */
  private static final JudgedPhoto PHOTO =
      photo(
          List.of(truth(1), truth(1), truth(1)),
          List.of(found(1, .8), found(1, .9), found(1, .3), found(1, .8)),
          row(0, 0, 0),
          row(.9, 0, 0),
          row(0, 0, .2),
          row(0, .6, 0));

  @Test
  void hasAPointForEachScore() {
    ScoreCurve curve = ScoreCurve.of(List.of(PHOTO), 2).get(1);
    assertEquals(3, curve.truths());
    assertEquals(
        List.of(
            new Point(.9, 1, 1 / 3., 2 / 4.),
            new Point(.8, 2 / 3., 2 / 3., 4 / 6.),
            new Point(.3, 2 / 4., 2 / 3., 4 / 7.)),
        curve.points());
    assertEquals(.8, curve.best().score());
    assertNull(curve.at(.95));
    assertEquals(.9, curve.at(.85).score());
    assertEquals(.3, curve.at(0).score());
  }

  @Test
  void allClassesTogetherCountEachObjectOnce() {
    JudgedPhoto other =
        photo(List.of(crowd(2)), List.of(found(2, .95), found(1, .1)), row(.9), row(0));
    Map<Integer, ScoreCurve> curves = ScoreCurve.of(List.of(PHOTO, other), 2);
    assertEquals(3, curves.get(ScoreCurve.ALL).truths());
    assertEquals(4, curves.get(ScoreCurve.ALL).points().size());
    assertEquals(2 / 5., curves.get(ScoreCurve.ALL).at(0).precision());
    assertEquals(0, curves.get(2).points().size());
    assertNull(curves.get(2).best());
  }

  @Test
  void aClassWithoutObjectsHasNoRecall() {
    ScoreCurve curve =
        ScoreCurve.of(List.of(photo(List.of(), List.of(found(1, .9)), row())), 1).get(1);
    assertEquals(0, curve.at(0).precision());
    assertTrue(Double.isNaN(curve.at(0).recall()));
    assertNull(curve.best());
  }
}
