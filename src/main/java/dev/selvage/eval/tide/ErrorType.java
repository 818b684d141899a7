package dev.selvage.eval.tide;

/** What is wrong with a detection, or with a true object that none was found for. */
public enum ErrorType {
  CLASS("Cls", "right place, another class"),
  LOCATION("Loc", "right class, not precise enough"),
  BOTH("Both", "another class and not precise enough"),
  DUPLICATE("Dupe", "an object that is already found"),
  BACKGROUND("Bkg", "no object there"),
  MISSED("Miss", "an object that is not found");

  private final String key;
  private final String meaning;

  ErrorType(String key, String meaning) {
    this.key = key;
    this.meaning = meaning;
  }

  /** Its name in tidecv. */
  public String key() {
    return key;
  }

  public String meaning() {
    return meaning;
  }
}
