package dev.selvage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Which package uses which: the arrows of the map in docs/architecture.md, each pointing one way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the classes are read once
class ArchitectureTest {
  private static final String ROOT = "dev.selvage";
  private static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

  /** What makes, fills, renames or deletes a file. */
  private static final Set<String> WRITES =
      Set.of(
          "java.nio.file.Files.write",
          "java.nio.file.Files.writeString",
          "java.nio.file.Files.newBufferedWriter",
          "java.nio.file.Files.newOutputStream",
          "java.nio.file.Files.newByteChannel",
          "java.nio.file.Files.createFile",
          "java.nio.file.Files.createLink",
          "java.nio.file.Files.createSymbolicLink",
          "java.nio.file.Files.copy",
          "java.nio.file.Files.move",
          "java.io.FileOutputStream.<init>",
          "java.io.FileWriter.<init>",
          "java.io.RandomAccessFile.<init>",
          "java.io.File.createNewFile",
          "java.io.File.renameTo",
          "javax.imageio.ImageIO.write",
          "org.bytedeco.opencv.global.opencv_imgcodecs.imwrite");

  // a package, and those above it in this list that it uses
  static {
    allow("geometry");
    allow("util");
    allow("runtime", "util");
    allow("http", "util");
    allow("augment", "geometry");
    allow("config", "util");
    allow("mask", "geometry", "util");
    allow("tensor", "runtime");
    allow("tensorboard", "util");
    allow("autograd", "tensor");
    allow("data", "util", "mask");
    allow("data.image", "geometry", "util", "augment", "config", "mask");
    allow("doctor", "runtime", "tensor");
    allow("sample.label", "mask");
    allow("coco", "util", "mask", "data", "data.image");
    allow("data.kaggle", "util", "mask", "data", "data.image");
    allow("data.split", "util", "config", "data", "data.image");
    allow("eval", "util", "mask", "data");
    allow("eval.fashionpedia", "mask", "data", "eval");
    allow("eval.tide", "data");
    allow("eval.analysis", "util", "data", "eval", "eval.tide");
    allow("nn", "util", "tensor", "autograd");
    allow("ranks", "runtime", "util", "tensor", "nn");
    allow("sample.paint", "mask", "sample.label");
    allow("submission", "util", "mask", "data");
    allow("data.coco", "util", "data", "data.image", "coco");
    allow("run", "runtime", "util", "config", "data", "data.split");
    allow("studio.runs", "util", "config", "http", "run");
    allow("sample.body", "sample.paint");
    allow("weights", "util", "tensor", "nn");
    allow(
        "data.loader",
        "geometry",
        "util",
        "augment",
        "config",
        "mask",
        "data",
        "data.image",
        "data.kaggle",
        "data.coco");
    allow("sample.garment", "sample.label", "sample.paint", "sample.body");
    allow("weights.keras", "util", "weights");
    allow("weights.torch", "util", "weights");
    allow(
        "cli.options",
        "runtime",
        "util",
        "config",
        "tensor",
        "ranks",
        "data",
        "run",
        "data.loader");
    allow(
        "inspect",
        "util",
        "config",
        "mask",
        "data",
        "data.image",
        "coco",
        "data.kaggle",
        "data.split",
        "data.coco",
        "data.loader");
    allow("model", "geometry", "util", "config", "tensor", "autograd", "nn", "data.loader");
    allow(
        "resize",
        "util",
        "config",
        "mask",
        "data",
        "data.image",
        "coco",
        "data.kaggle",
        "data.coco",
        "data.loader");
    allow("sample.scene", "sample.label", "sample.paint", "sample.body", "sample.garment");
    allow("weights.files", "util", "nn", "weights", "weights.keras", "weights.torch");
    allow("cli.command", "util", "cli.options");
    allow("model.cost", "config", "nn", "model");
    allow("predict.tiles", "util", "mask", "data", "data.image");
    allow(
        "predict",
        "util",
        "config",
        "mask",
        "data",
        "data.image",
        "data.split",
        "run",
        "eval",
        "nn",
        "weights",
        "model",
        "weights.files",
        "predict.tiles");
    allow("tune", "util", "mask", "data", "data.split", "model", "predict");
    allow("report", "util", "mask", "data", "data.image", "data.loader", "inspect");
    allow("report.evaluation", "util", "data", "eval", "eval.tide", "eval.analysis", "report");
    allow(
        "studio.data",
        "util",
        "config",
        "mask",
        "data",
        "data.image",
        "http",
        "data.split",
        "run",
        "data.loader",
        "inspect",
        "report");
    allow(
        "serve",
        "runtime",
        "util",
        "http",
        "config",
        "data",
        "data.image",
        "coco",
        "predict",
        "report");
    allow("sample", "util", "mask", "sample.label", "sample.paint", "sample.scene");
    allow(
        "api",
        "runtime",
        "util",
        "config",
        "mask",
        "tensor",
        "data",
        "data.image",
        "nn",
        "run",
        "predict");
    allow(
        "bench",
        "runtime",
        "util",
        "config",
        "mask",
        "tensor",
        "autograd",
        "data",
        "data.image",
        "doctor",
        "data.kaggle",
        "nn",
        "ranks",
        "data.loader",
        "model",
        "model.cost");
    allow(
        "train.memory",
        "runtime",
        "util",
        "config",
        "tensor",
        "nn",
        "data.loader",
        "model",
        "model.cost");
    allow("train.ranks", "util", "config", "ranks", "data.split", "data.loader", "model");
    allow(
        "train",
        "util",
        "config",
        "tensor",
        "ranks",
        "autograd",
        "data",
        "data.image",
        "data.split",
        "eval",
        "nn",
        "run",
        "weights",
        "data.loader",
        "model",
        "weights.files",
        "train.memory",
        "train.ranks",
        "predict");
    allow(
        "studio.results",
        "util",
        "config",
        "data",
        "data.image",
        "http",
        "data.split",
        "eval",
        "eval.tide",
        "eval.analysis",
        "nn",
        "submission",
        "run",
        "predict",
        "tune",
        "report",
        "studio.data");
    allow("studio", "config", "http", "studio.runs", "studio.data", "studio.results");
    allow(
        "cli.bench",
        "runtime",
        "util",
        "config",
        "tensor",
        "ranks",
        "cli.options",
        "cli.command",
        "bench");
    allow(
        "train.listener",
        "util",
        "config",
        "tensorboard",
        "data",
        "data.image",
        "data.split",
        "nn",
        "run",
        "inspect",
        "model",
        "predict",
        "report",
        "train");
    allow(
        "cli.evaluation",
        "util",
        "mask",
        "data",
        "data.image",
        "coco",
        "eval",
        "eval.analysis",
        "eval.fashionpedia",
        "submission",
        "cli.options",
        "report.evaluation");
    allow(
        "cli.model",
        "runtime",
        "util",
        "config",
        "data",
        "data.image",
        "nn",
        "predict",
        "tune",
        "cli.options");
    allow(
        "spark",
        "runtime",
        "util",
        "config",
        "mask",
        "tensor",
        "data",
        "data.image",
        "nn",
        "cli.options",
        "cli.model",
        "cli.command",
        "predict",
        "tune");
    allow(
        "cli",
        "runtime",
        "util",
        "config",
        "tensor",
        "ranks",
        "data",
        "data.image",
        "doctor",
        "http",
        "coco",
        "data.kaggle",
        "data.split",
        "eval",
        "eval.analysis",
        "submission",
        "run",
        "studio",
        "weights",
        "data.loader",
        "cli.options",
        "cli.model",
        "inspect",
        "model",
        "resize",
        "weights.files",
        "cli.command",
        "predict",
        "predict.tiles",
        "report",
        "report.evaluation",
        "sample",
        "train",
        "serve",
        "tune",
        "cli.bench",
        "cli.evaluation",
        "train.listener");
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
  void theMapListsEveryPackageAndNoUnusedArrow() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass c : classes) {
      Set<String> others = found.computeIfAbsent(shortName(c), name -> new TreeSet<>());
      for (Dependency dependency : c.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().startsWith(ROOT)) {
          others.add(shortName(target));
        }
      }
      others.remove(shortName(c));
    }
    Map<String, Set<String>> listed = new TreeMap<>();
    MAY_USE.forEach((name, others) -> listed.put(name, new TreeSet<>(others)));
    assertEquals(listed, found);
  }

  @Test
  void everyPackageSaysWhatItUses() throws IOException {
    for (Map.Entry<String, Set<String>> entry : MAY_USE.entrySet()) {
      Path file =
          Path.of("src/main/java/dev/selvage", entry.getKey().split("\\."))
              .resolve("package-info.java");
      Matcher uses =
          Pattern.compile("Uses (.*?)\\.\\s*\\*/", Pattern.DOTALL).matcher(Files.readString(file));
      assertTrue(uses.find(), () -> file + " has no sentence that begins with Uses");
      Set<String> named = new TreeSet<>();
      Matcher name = Pattern.compile("\\{@code[\\s*]+([a-z.]+)}").matcher(uses.group(1));
      while (name.find()) {
        named.add(name.group(1));
      }
      assertEquals(new TreeSet<>(entry.getValue()), named, file.toString());
    }
  }

  @Test
  void noArrowsGoInACircle() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
  }

  /**
   * All other code writes through util.AtomicFile or util.PendingFile, which leave nothing
   * half-written.
   */
  @Test
  void onlyUtilWritesFiles() {
    Set<String> exceptions =
        Set.of(
            "dev.selvage.cli.Main", // standard output and standard error
            "dev.selvage.data.image.PhotoFile", // only reads
            "dev.selvage.run.RunLock", // holds the id of its process
            "dev.selvage.runtime.BundledLibrary", // its copies are checked before they are loaded
            "dev.selvage.runtime.FolderUse", // its mark holds no bytes
            "dev.selvage.runtime.LibraryFolder", // its lock holds no bytes
            "dev.selvage.doctor.SystemInfo", // a switch of the kernel in /proc
            "dev.selvage.bench.PhotoBench", // what is measured, in a folder that is deleted
            "dev.selvage.bench.SyntheticKaggle");
    Set<String> found = new TreeSet<>();
    for (JavaClass c : classes) {
      c.getCodeUnitAccessesFromSelf().stream()
          .filter(call -> WRITES.contains(call.getTargetOwner().getName() + "." + call.getName()))
          .forEach(call -> found.add(call.getOriginOwner().getName()));
      c.getFieldAccessesFromSelf().stream()
          .filter(access -> access.getTargetOwner().isEquivalentTo(StandardOpenOption.class))
          .filter(access -> !access.getName().equals("READ"))
          .forEach(access -> found.add(access.getOriginOwner().getName()));
    }
    found.removeIf(name -> name.startsWith(ROOT + ".util."));
    assertEquals(new TreeSet<>(exceptions), found);
  }

  private static String shortName(JavaClass c) {
    return c.getPackageName().equals(ROOT) ? "" : c.getPackageName().substring(ROOT.length() + 1);
  }

  private static void allow(String name, String... others) {
    MAY_USE.put(name, Set.copyOf(Arrays.asList(others)));
  }

  private static DescribedPredicate<JavaClass> belongTo(String name, Set<String> others) {
    return DescribedPredicate.describe(
        "are its own, of " + others + ", or no part of Selvage",
        c ->
            !c.getPackageName().startsWith(ROOT)
                || shortName(c).equals(name)
                || others.contains(shortName(c)));
  }
}
