package dev.selvage.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An enum whose constants are written in settings as their name in lower case. */
public interface Choice {
  /** The name of the constant in Java. */
  String name();

  /** The constant as it is written in settings. */
  @JsonValue
  default String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a word in settings means this constant; old words may mean it too. */
  default boolean matches(String word) {
    return word().equals(word);
  }

  /** The constant that a word means; empty if it means none. */
  static <E extends Enum<E> & Choice> Optional<E> of(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants()).filter(c -> c.matches(word)).findFirst();
  }

  /** All words of an enum, in its order. */
  static <E extends Enum<E> & Choice> List<String> words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants()).map(Choice::word).toList();
  }
}
