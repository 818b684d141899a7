package dev.selvage.data.image;

/** A photo that cannot be decoded; the message says why, without its name. */
public final class UnusablePhoto extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with a photo. */
  public enum Kind {
    /** It is none of the formats that are read. */
    UNKNOWN_FORMAT,
    /** It is one of them, but cannot be decoded. */
    DAMAGED,
    /** Its pixels do not fit into memory. */
    TOO_LARGE
  }

  private final Kind kind;

  UnusablePhoto(String why) {
    this(why, Kind.DAMAGED);
  }

  UnusablePhoto(String why, Kind kind) {
    super(why);
    this.kind = kind;
  }

  /** What is wrong with it. */
  public Kind kind() {
    return kind;
  }
}
