package dev.selvage.cli.options;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** The options that a command takes, in the sections of its help. */
public final class CommandOptions {
  /** The sections, in the order of the help. */
  public enum Section {
    DATA("Data"),
    MODEL("Model and settings"),
    RUN("Run"),
    DEVICE("Device"),
    SERVICE("Service"),
    OUTPUT("Output");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  private final Map<Section, List<Option>> sections = new EnumMap<>(Section.class);

  /** Adds options at the end of a section, and returns this object. */
  public CommandOptions add(Section section, Option... options) {
    Collections.addAll(sections.computeIfAbsent(section, s -> new ArrayList<>()), options);
    return this;
  }

  /** The sections that have options. */
  public Map<Section, List<Option>> sections() {
    return Collections.unmodifiableMap(sections);
  }

  /** All of them, for the parser. */
  public Options all() {
    Options all = new Options();
    sections.values().forEach(options -> options.forEach(all::addOption));
    return all;
  }
}
