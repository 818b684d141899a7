package dev.selvage.run;

import dev.selvage.runtime.Native;
import java.util.LinkedHashMap;
import java.util.Map;

/** The versions that a run's numbers come from. */
public final class Versions {
  private Versions() {}

  public static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    String selvage = Versions.class.getPackage().getImplementationVersion();
    versions.put("selvage", selvage == null ? "not packaged" : selvage);
    versions.put("java", System.getProperty("java.runtime.version"));
    versions.put("native", Native.libraryVersions().getString());
    return versions;
  }
}
