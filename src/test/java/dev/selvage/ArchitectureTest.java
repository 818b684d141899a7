package dev.selvage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may use which: the arrows of the map in README.md, each pointing one way. */
class ArchitectureTest {
  private static final String ROOT = "dev.selvage";
  private static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

  static {
    allow("runtime");
    allow("geometry");
    allow("config");
    allow("tensor", "runtime");
    allow("autograd", "tensor");
    allow("nn", "autograd", "tensor");
    allow("weights", "nn", "tensor", "runtime");
    allow("augment", "config", "geometry");
    allow("data", "config", "geometry", "augment");
    allow("model", "nn", "autograd", "tensor", "config", "data", "geometry");
    allow("eval", "geometry");
    allow("inspect", "data", "config", "geometry");
    allow("report", "eval", "inspect", "data", "geometry", "config");
    allow("predict", "model", "nn", "eval", "data", "config", "geometry", "weights");
    allow(
        "train",
        "model",
        "nn",
        "tensor",
        "runtime",
        "weights",
        "data",
        "config",
        "geometry",
        "predict",
        "eval",
        "report",
        "inspect",
        "augment");
    allow("sample", "data", "geometry");
    allow("resize", "data", "geometry");
    allow("doctor", "tensor", "runtime");
    allow(
        "bench",
        "model",
        "nn",
        "autograd",
        "tensor",
        "runtime",
        "data",
        "augment",
        "config",
        "geometry",
        "doctor");
    allow("cli", MAY_USE.keySet().toArray(String[]::new));
  }

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void everyPackageUsesOnlyWhatItMay() {
    MAY_USE.forEach(
        (name, others) ->
            classes()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .onlyDependOnClassesThat(belongTo(name, others))
                .allowEmptyShould(false)
                .check(classes));
  }

  @Test
  void everyPackageIsOnTheMap() {
    Set<String> found = new TreeSet<>();
    for (JavaClass c : classes) {
      if (!c.getPackageName().equals(ROOT)) {
        found.add(c.getPackageName().substring(ROOT.length() + 1));
      }
    }
    found.removeAll(MAY_USE.keySet());
    assertTrue(found.isEmpty(), () -> "packages without a place on the map: " + found);
  }

  @Test
  void noArrowsGoInACircle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(classes);
  }

  private static void allow(String name, String... others) {
    MAY_USE.put(name, Set.copyOf(Arrays.asList(others)));
  }

  private static DescribedPredicate<JavaClass> belongTo(String name, Set<String> others) {
    return DescribedPredicate.describe(
        "are its own, of " + others + ", or no part of Selvage",
        c -> {
          String other = c.getPackageName();
          return !other.startsWith(ROOT)
              || other.equals(ROOT)
              || other.equals(ROOT + "." + name)
              || other.startsWith(ROOT + ".")
                  && others.contains(other.substring(ROOT.length() + 1));
        });
  }
}
