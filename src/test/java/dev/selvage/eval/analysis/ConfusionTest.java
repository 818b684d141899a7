package dev.selvage.eval.analysis;

import static dev.selvage.eval.analysis.Cases.crowd;
import static dev.selvage.eval.analysis.Cases.found;
import static dev.selvage.eval.analysis.Cases.photo;
import static dev.selvage.eval.analysis.Cases.row;
import static dev.selvage.eval.analysis.Cases.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.eval.analysis.Confusion.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  /**
   * The second detection fits the first object best and takes it, though the first one has the
   * higher score and the right class; the first one then takes the second object.
   */
  @Test
  void theBestPairIsMatchedFirstAndOnce() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(2)),
            List.of(found(1, .9), found(2, .8)),
            row(.7, .6),
            row(.9, .55));
    assertEquals(
        Map.of(
            1, Map.of(2, List.of(new Entry(0, 0, 1))), 2, Map.of(1, List.of(new Entry(0, 1, 0)))),
        Confusion.of(List.of(photo), .5, .5).cells());
  }

  @Test
  void whatHasNoMatchIsBackground() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(1), crowd(3)),
            List.of(found(1, .9), found(2, .8), found(3, .7), found(2, .7), found(1, .4)),
            row(.5, 0, 0),
            row(.4, .4, 0),
            row(0, 0, .6),
            row(0, 0, .6),
            row(0, 1, 0));
    Confusion confusion = Confusion.of(List.of(photo), .5, .5);
    assertEquals(1, confusion.count(1, 1));
    assertEquals(1, confusion.count(1, Confusion.BACKGROUND));
    // that in the crowd of another class counts, that in the crowd of its own does not
    assertEquals(2, confusion.count(Confusion.BACKGROUND, 2));
    assertEquals(0, confusion.count(Confusion.BACKGROUND, 3));
    assertEquals(2, Confusion.of(List.of(photo), .5, .3).count(1, 1));
    assertEquals(2, Confusion.of(List.of(photo), .6, .5).count(1, Confusion.BACKGROUND));
  }

  @Test
  void ofEqualOverlapsTheRightClassIsMatched() {
    JudgedPhoto photo =
        photo(List.of(truth(2)), List.of(found(1, .9), found(2, .5)), row(.8), row(.8));
    assertEquals(1, Confusion.of(List.of(photo), .5, .5).count(2, 2));
    assertEquals(1, Confusion.of(List.of(photo), .5, .5).count(Confusion.BACKGROUND, 1));
  }
}
