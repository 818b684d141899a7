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
  /** Class 1 finds one of its two objects. */
  @Test
  void theSurestComeFirst() {
    JudgedPhoto photo =
        photo(
            List.of(truth(1), truth(2), truth(1)),
            List.of(found(1, .9), found(3, .8), found(3, .95), found(1, .2)),
            row(.9, 0, 0),
            row(0, .9, 0),
            row(.04, 0, 0),
            row(0, 0, 0));
    List<Suspect> suspects = Suspect.of(List.of(photo));
    assertEquals(
        List.of(Kind.NOT_LABELLED, Kind.OTHER_CLASS, Kind.NOT_FOUND, Kind.NOT_LABELLED),
        suspects.stream().map(Suspect::kind).toList());
    assertEquals(.95 * .96, suspects.get(0).weight(), 1e-12);
    assertEquals(2, suspects.get(0).find());
    assertEquals(.8 * .9, suspects.get(1).weight(), 1e-12);
    assertEquals(1, suspects.get(1).truth());
    assertEquals(.25, suspects.get(2).weight(), 1e-12);
    assertEquals(2, suspects.get(2).truth());
  }

  /** The object was found as what it is labelled as, so its label is no suspect. */
  @Test
  void aFoundObjectIsLabelledWell() {
    JudgedPhoto photo =
        photo(List.of(truth(1)), List.of(found(1, .5), found(2, .9)), row(.9), row(.9));
    assertEquals(List.of(), Suspect.of(List.of(photo)));
  }
}
