package dev.selvage.config;

import dev.selvage.util.UserError;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of all settings and the fields of {@link Config} that hold them, in the order of that
 * class.
 */
final class ConfigKeys {
  private static final Map<String, Field> FIELDS = fields();

  private ConfigKeys() {}

  static Map<String, Field> all() {
    return FIELDS;
  }

  /** The field of a key; source says where the key stood, for the message. */
  static Field require(String key, String source) {
    Field field = FIELDS.get(key);
    if (field == null) {
      throw new UserError(
          "%s: unknown configuration key %s; the nearest known key is %s"
              .formatted(source, key, NearestName.of(key, FIELDS.keySet())));
    }
    return field;
  }

  static void copy(Config from, Config to) {
    try {
      for (Field field : FIELDS.values()) {
        field.set(to, field.get(from));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Field> fields() {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Field field : Config.class.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        fields.put(field.getName(), field);
      }
    }
    return Collections.unmodifiableMap(fields);
  }
}
