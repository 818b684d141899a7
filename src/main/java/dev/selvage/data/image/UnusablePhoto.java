package dev.selvage.data.image;

/** A photo that cannot be decoded; the message says why, without its name. */
final class UnusablePhoto extends Exception {
  private static final long serialVersionUID = 1L;

  UnusablePhoto(String why) {
    super(why);
  }
}
