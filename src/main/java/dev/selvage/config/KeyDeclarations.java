package dev.selvage.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.util.UserError;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods with which {@link Config} declares its keys. Each takes the value that a source gives
 * for a key, or else its default, and checks type and range.
 *
 * <p>It is a superclass because the sources must be known before the fields of Config are set.
 */
abstract class KeyDeclarations {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Setting> given;
  private final Map<String, JsonNode> values = new LinkedHashMap<>();

  KeyDeclarations(Map<String, Setting> given) {
    this.given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
  }

  /** What the sources give, by key. */
  final Map<String, Setting> given() {
    return given;
  }

  /** Every key with its value, in the order of the declarations. */
  final Map<String, JsonNode> values() {
    return Collections.unmodifiableMap(values);
  }

  /** Refuses keys that no declaration has; called after the last one. */
  final void requireKnownKeys() {
    given.forEach(
        (key, setting) -> {
          if (!values.containsKey(key)) {
            throw setting.unknownKey(values.keySet());
          }
        });
  }

  final int integer(String key, int defaultValue, Range range) {
    int value = value(key, ValueType.INTEGER, defaultValue);
    if (!range.contains(value)) {
      throw mustBe(key, range.description(), value);
    }
    return declare(key, value);
  }

  final float number(String key, float defaultValue) {
    return number(key, defaultValue, Range.ANY);
  }

  final float number(String key, float defaultValue, Range range) {
    float value = value(key, ValueType.NUMBER, defaultValue);
    if (!range.contains(value)) {
      throw mustBe(key, range.description(), value);
    }
    return declare(key, value);
  }

  final boolean flag(String key, boolean defaultValue) {
    return declare(key, value(key, ValueType.FLAG, defaultValue));
  }

  final Boolean flagOrNull(String key, Boolean defaultValue) {
    return declare(key, value(key, ValueType.FLAG_OR_NULL, defaultValue));
  }

  final String text(String key, String defaultValue) {
    return declare(key, value(key, ValueType.TEXT, defaultValue));
  }

  final String text(String key, String defaultValue, List<String> allowed) {
    String value = text(key, defaultValue);
    if (!allowed.contains(value)) {
      throw notOneOf(key, allowed, value);
    }
    return value;
  }

  final <E extends Enum<E> & Choice> E choice(String key, E defaultValue) {
    return declare(key, choice(key, defaultValue, value(key, ValueType.TEXT, defaultValue.word())));
  }

  /**
   * A list with as many values as its default.
   *
   * @param meaning of the values, for messages
   */
  final IntList integers(String key, String meaning, Range range, Integer... defaultValues) {
    return declare(
        key, new IntList(list(key, ValueType.INTEGER, meaning, range, List.of(defaultValues))));
  }

  /** A list of at least one value. */
  final IntList integers(String key, Range range, Integer... defaultValues) {
    return integers(key, null, range, defaultValues);
  }

  /**
   * A list with as many values as its default.
   *
   * @param meaning of the values, for messages
   */
  final FloatList numbers(String key, String meaning, Range range, Float... defaultValues) {
    return declare(
        key, new FloatList(list(key, ValueType.NUMBER, meaning, range, List.of(defaultValues))));
  }

  /** A list of at least one value. */
  final FloatList numbers(String key, Range range, Float... defaultValues) {
    return numbers(key, null, range, defaultValues);
  }

  final <T> PerStage<T> perStage(String key, ValueType<T> type, T defaultValue) {
    return declare(key, new PerStage<>(list(key, type, List.of(defaultValue))));
  }

  final <E extends Enum<E> & Choice> PerStage<E> perStage(String key, E defaultValue) {
    List<String> words = list(key, ValueType.TEXT, List.of(defaultValue.word()));
    return declare(
        key, new PerStage<>(words.stream().map(word -> choice(key, defaultValue, word)).toList()));
  }

  private <T> T value(String key, ValueType<T> type, T defaultValue) {
    return given.containsKey(key) ? given.get(key).value(type) : defaultValue;
  }

  /** At least one value. */
  private <T> List<T> list(String key, ValueType<T> type, List<T> defaultValues) {
    if (!given.containsKey(key)) {
      return defaultValues;
    }
    List<T> values = given.get(key).list(type);
    if (values.isEmpty()) {
      throw given.get(key).error("must have at least one value, found none");
    }
    return values;
  }

  private <T extends Number> List<T> list(
      String key, ValueType<T> type, String meaning, Range range, List<T> defaultValues) {
    List<T> values = list(key, type, defaultValues);
    if (meaning != null && values.size() != defaultValues.size()) {
      throw given
          .get(key)
          .error(
              "must have %d values (%s), found %d"
                  .formatted(defaultValues.size(), meaning, values.size()));
    }
    for (T value : values) {
      if (!range.contains(value.doubleValue())) {
        throw mustBe(key, "a list, each item " + range.description(), values);
      }
    }
    return values;
  }

  private <E extends Enum<E> & Choice> E choice(String key, E defaultValue, String word) {
    Class<E> type = defaultValue.getDeclaringClass();
    return Choice.of(type, word).orElseThrow(() -> notOneOf(key, Choice.words(type), word));
  }

  private UserError notOneOf(String key, List<String> allowed, String found) {
    return mustBe(
        key,
        "one of " + String.join(", ", allowed),
        "%s; the nearest is %s".formatted(found, NearestName.of(found, allowed)));
  }

  /** Defaults are valid, so that a wrong value is always a given one. */
  private UserError mustBe(String key, String expected, Object found) {
    return given.get(key).mustBe(expected, found);
  }

  private <T> T declare(String key, T value) {
    values.put(key, JSON.valueToTree(value));
    return value;
  }
}
