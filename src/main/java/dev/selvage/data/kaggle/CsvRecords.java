package dev.selvage.data.kaggle;

import dev.selvage.data.MappedFile;
import dev.selvage.util.PrintableChar;
import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The records of a comma-separated file, or one with another separator (RFC 4180; lines may also
 * end in CR alone) with the places of their values in the file, so that a big value can be read
 * again instead of kept. Empty lines and a byte order mark are skipped. Used by one thread.
 */
final class CsvRecords {
  private static final int BUFFER = 1 << 20;

  /** The largest row. Without a limit, a file with a missing quote would become one row. */
  private static final int LONGEST = 1 << 24;

  private final MappedFile file;
  private final char separator;
  private byte[] bytes;

  /** Place in the file of the buffer's first byte. */
  private long base;

  private int limit;
  private int at;
  private boolean afterReturn;
  private long line = 1;
  private long recordLine;

  private int count;
  private int[] starts = new int[8];
  private int[] ends = new int[8];

  /**
   * Begins at the file's first byte.
   *
   * @throws UserError the file is in UTF-16
   */
  CsvRecords(MappedFile file, char separator) {
    this(file, separator, BUFFER);
  }

  /** For tests: records that do not fit the buffer make it grow. */
  CsvRecords(MappedFile file, char separator, int buffer) {
    this.file = file;
    this.separator = separator;
    bytes = new byte[buffer];
    fill(0);
    if (limit >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      at = 3;
    } else if (limit >= 2
        && (bytes[0] == (byte) 0xFF || bytes[0] == (byte) 0xFE)
        && (bytes[0] ^ bytes[1]) == 1) {
      throw new UserError(
          "%s: expected text in UTF-8, found UTF-16; save it as UTF-8".formatted(file.path()));
    }
  }

  /**
   * Goes to the next record.
   *
   * @return false at the end of the file
   * @throws UserError a quoted value that does not end or goes on after its closing quote, or a
   *     record of more than 16 MiB
   */
  boolean next() {
    while (true) {
      if (at == limit && !fill(at)) {
        return false;
      }
      byte b = bytes[at];
      if (b == '\n' && afterReturn) {
        afterReturn = false;
        at++;
      } else if (b == '\n' || b == '\r') {
        afterReturn = b == '\r';
        at++;
        line++;
      } else {
        afterReturn = false;
        break;
      }
    }
    recordLine = line;
    while (!scan()) {
      line = recordLine;
      if (limit - at >= LONGEST) {
        throw wrong("expected a row of at most 16 MiB, found a longer one; a quote may be missing");
      }
      fill(at);
    }
    return true;
  }

  /**
   * Moves the unread bytes to the front of the buffer and fills the rest from the file.
   *
   * @return whether there were more bytes
   */
  private boolean fill(int from) {
    int kept = limit - from;
    long more = Math.min(file.size() - base - limit, Integer.MAX_VALUE);
    if (more == 0) {
      return false;
    }
    byte[] target = from == 0 && kept == bytes.length ? new byte[2 * kept] : bytes;
    System.arraycopy(bytes, from, target, 0, kept);
    bytes = target;
    base += from;
    at = 0;
    int part = (int) Math.min(more, bytes.length - kept);
    file.read(base + kept, bytes, kept, part);
    limit = kept + part;
    return true;
  }

  /**
   * Finds the values of the record that begins here.
   *
   * @return false where the buffer ends before the record does
   */
  private boolean scan() {
    boolean last = base + limit == file.size();
    count = 0;
    int p = at;
    while (true) {
      int start = p;
      int end;
      if (p < limit && bytes[p] == '"') {
        start = ++p;
        p = closingQuote(p);
        if (p == limit) {
          if (last) {
            throw wrong("expected a closing quote, found the end of the file");
          }
          return false;
        }
        end = p++;
      } else {
        while (p < limit && bytes[p] != separator && bytes[p] != '\n' && bytes[p] != '\r') {
          p++;
        }
        end = p;
      }
      if (p == limit && !last) {
        return false;
      }
      add(start, end);
      if (p == limit || bytes[p] == '\n' || bytes[p] == '\r') {
        at = p; // next() skips the end of the line and counts the lines
        return true;
      }
      if (bytes[p] != separator) {
        throw wrong(
            "expected %s or the end of the line after a closing quote, found %s"
                .formatted(
                    PrintableChar.of(separator), PrintableChar.of((char) (bytes[p] & 0xFF))));
      }
      p++;
    }
  }

  /** The place of the quote that ends a value; the limit where there is none. */
  private int closingQuote(int from) {
    int p = from;
    while (p < limit) {
      byte b = bytes[p];
      if (b == '"') {
        if (p + 1 == limit && base + limit < file.size()) {
          // the next byte, which tells whether this quote ends the value, is not in the buffer
          return limit;
        }
        if (p + 1 == limit || bytes[p + 1] != '"') {
          return p;
        }
        p++;
      } else if (b == '\n' && bytes[p - 1] != '\r' || b == '\r') {
        line++;
      }
      p++;
    }
    return limit;
  }

  private void add(int start, int end) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    starts[count] = start;
    ends[count++] = end;
  }

  private UserError wrong(String problem) {
    return new UserError("%s line %s: %s".formatted(file.path(), recordLine, problem));
  }

  /** The line, from 1, on which the record begins. */
  long line() {
    return recordLine;
  }

  /** How many values the record has, at least 1. */
  int size() {
    return count;
  }

  /** A value without the quotes around it and without blanks at its ends. */
  String text(int field) {
    int start = starts[field];
    String text = new String(bytes, start, ends[field] - start, StandardCharsets.UTF_8);
    boolean quoted = start > 0 && bytes[start - 1] == '"';
    return (quoted ? text.replace("\"\"", "\"") : text).trim();
  }

  /**
   * The value's bytes, without the quotes and blanks around them, a doubled quote inside left
   * doubled. Valid until the next call of {@link #next}.
   */
  ByteCharSequence raw(int field) {
    int start = starts[field];
    int end = ends[field];
    while (start < end && bytes[start] <= ' ' && bytes[start] >= 0) {
      start++;
    }
    while (start < end && bytes[end - 1] <= ' ' && bytes[end - 1] >= 0) {
      end--;
    }
    return new ByteCharSequence(bytes, start, end - start);
  }

  /** Whether all values from one on are empty or blanks. */
  boolean isBlankFrom(int field) {
    for (int i = field; i < count; i++) {
      for (int at = starts[i]; at < ends[i]; at++) {
        if (bytes[at] != ' ' && bytes[at] != '\t') {
          return false;
        }
      }
    }
    return true;
  }

  /** Place in the file of the first byte of a raw value. */
  long offset(ByteCharSequence raw) {
    return base + raw.start();
  }
}
