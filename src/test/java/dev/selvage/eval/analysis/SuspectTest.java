package dev.selvage.eval.analysis;

import static dev.selvage.eval.analysis.Cases.found;
import static dev.selvage.eval.analysis.Cases.photo;
import static dev.selvage.eval.analysis.Cases.row;
import static dev.selvage.eval.analysis.Cases.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.eval.analysis.Suspect.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuspectTest {
  /**
   * Class 1 finds one of its two objects, and half of its detections are right. Of the two
   * detections of class 3, one lies on an object of class 2; on objects it is never right.
   */
  @Test
  void eachKindIsFound() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(2), truth(1)),
            List.of(found(1, .9), found(3, .8), found(1, .6)),
            row(.9, 0, 0),
            row(0, .9, 0),
            row(0, .04, 0));
    List<Suspect> suspects = Suspect.of(List.of(photo), 3);
    assertEquals(
        List.of(
            new Suspect(Kind.NOT_LABELLED, 0, -1, 2, .6 * (1 / 2.) * .96),
            new Suspect(Kind.NOT_FOUND, 0, 2, -1, .5 * (1 / 2.)),
            new Suspect(Kind.OTHER_CLASS, 0, 1, 1, 0)),
        suspects);
  }

  /** Class 1 is right three times of four where it lies on an object. */
  @Test
  void aClassThatIsRightElsewhereIsTrusted() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(1), truth(1), truth(2)),
            List.of(found(1, .9), found(1, .9), found(1, .9), found(1, .64)),
            row(.9, 0, 0, 0),
            row(0, .9, 0, 0),
            row(0, 0, .9, 0),
            row(0, 0, .3, .9));
    assertEquals(
        List.of(new Suspect(Kind.OTHER_CLASS, 0, 3, 3, .75 * .8)), Suspect.of(List.of(photo), 2));
  }

  /** The object was found as what it is labelled as, so its label is no suspect. */
  @Test
  void aFoundObjectIsLabelledWell() {
    JudgedPhoto photo =
        photo(List.of(truth(1)), List.of(found(1, .5), found(2, .9)), row(.9), row(.9));
    assertEquals(List.of(), Suspect.of(List.of(photo), 2));
  }
}
