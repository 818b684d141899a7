package dev.selvage.serve;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Chooses the form of an answer by the header Accept: RFC 9110, section 12.5.1. */
final class MediaTypes {
  private MediaTypes() {}

  /**
   * The offer that the client likes best, the first of those it likes the same; empty where it
   * takes none.
   *
   * @param accept the header; empty where it takes everything
   */
  static Optional<String> choose(Optional<String> accept, List<String> offers) {
    String best = null;
    double most = 0;
    for (String offer : offers) {
      double quality = accept.map(header -> quality(header, offer)).orElse(1.0);
      if (quality > most) {
        best = offer;
        most = quality;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Of the most precise entry that fits; 0 where none does. */
  private static double quality(String header, String offer) {
    double quality = 0;
    int precision = 0;
    for (String entry : header.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = entry.split(";");
      int fits = fits(parts.length == 0 ? "" : parts[0].strip(), offer);
      if (fits > precision) {
        precision = fits;
        quality = weight(parts);
      }
    }
    return quality;
  }

  /** 3 for the type itself, 2 for its family, 1 for everything, 0 for others. */
  private static int fits(String range, String offer) {
    if (range.equals(offer)) {
      return 3;
    } else if (range.equals(offer.substring(0, offer.indexOf('/')) + "/*")) {
      return 2;
    }
    return range.equals("*/*") ? 1 : 0;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      if (part.matches("q=[01](\\.\\d{0,3})?")) {
        return Double.parseDouble(part.substring(2));
      }
    }
    return 1;
  }
}
