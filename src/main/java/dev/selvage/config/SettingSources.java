package dev.selvage.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the settings of several sources, of which a later one wins. */
final class SettingSources {
  private final Map<String, Setting> settings;

  /** Begins with settings that other sources gave. */
  SettingSources(Map<String, Setting> first) {
    settings = new LinkedHashMap<>(first);
  }

  /**
   * Adds a source.
   *
   * @param isFile whether it is a file, which may list every key there is
   * @throws dev.selvage.util.UserError an unknown key, or a value of the wrong type or out of
   *     range, even one that a later source replaces
   */
  void add(Map<String, Setting> source, boolean isFile) {
    settings.putAll(SingleRates.spread(source, new Config(source), isFile));
  }

  /**
   * The configuration of all sources together.
   *
   * @throws dev.selvage.util.UserError the settings contradict each other
   */
  Config config() {
    Config config = new Config(settings);
    ConfigChecks.check(config);
    return config;
  }
}
