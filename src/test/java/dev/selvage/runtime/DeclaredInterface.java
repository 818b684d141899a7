package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a header of ours declares of a library of NVIDIA's, next to the JavaCPP presets for it. */
final class DeclaredInterface {
  private DeclaredInterface() {}

  /**
   * The constants of a header, sorted by name.
   *
   * @param name a regular expression
   */
  static Map<String, Integer> constants(String header, String name) {
    Map<String, Integer> declared = new TreeMap<>();
    Pattern.compile("constexpr int (%s) = (\\d+);".formatted(name))
        .matcher(header)
        .results()
        .forEach(m -> declared.put(m.group(1), Integer.valueOf(m.group(2))));
    return declared;
  }

  /**
   * Compares every parameter by what the presets' Java type says of it: whole number, double, or
   * address. The presets' class is not initialised, since that would load the library.
   *
   * @param library its functions' prefix, and the name of the presets
   * @param count of functions that the header declares
   */
  static void requireFunctions(String header, String library, int count) throws Exception {
    Class<?> presets =
        Class.forName(
            "org.bytedeco.cuda.global." + library, false, DeclaredInterface.class.getClassLoader());
    Map<String, Set<String>> theirs =
        Arrays.stream(presets.getMethods())
            .collect(
                Collectors.groupingBy(
                    Method::getName,
                    Collectors.mapping(
                        DeclaredInterface::kinds, Collectors.toCollection(TreeSet::new))));
    Map<String, String> ours = new LinkedHashMap<>();
    Pattern.compile("^\\w[\\w ]*[ *]+(" + library + "\\w+)\\(([^)]*)\\);", Pattern.MULTILINE)
        .matcher(header)
        .results()
        .forEach(m -> ours.put(m.group(1), kinds(m)));
    assertEquals(count, ours.size(), ours::toString);
    ours.forEach(
        (name, kinds) ->
            assertTrue(
                theirs.getOrDefault(name, Set.of()).contains(kinds),
                () -> name + ": expected one of " + theirs.get(name) + ", found " + kinds));
  }

  private static String kinds(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(
            type ->
                type == int.class || type == long.class
                    ? "number"
                    : type == double.class ? "double" : "address")
        .collect(Collectors.joining(","));
  }

  private static String kinds(MatchResult function) {
    String parameters = function.group(2).strip();
    return parameters.isEmpty()
        ? ""
        : Arrays.stream(parameters.split(","))
            .map(String::strip)
            .map(
                p ->
                    p.contains("*")
                            || p.matches("\\w+_t \\w+|ncclUniqueId \\w+") && !p.startsWith("size_t")
                        ? "address"
                        : p.startsWith("double") ? "double" : "number")
            .collect(Collectors.joining(","));
  }
}
