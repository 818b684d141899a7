package dev.selvage.studio.runs;

/** A field of a form holds something wrong; the message is a sentence to show next to it. */
final class FieldError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;

  FieldError(String field, String sentence) {
    super(sentence);
    this.field = field;
  }

  String field() {
    return field;
  }
}
