package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
  @ParameterizedTest
  @CsvSource({
    "0000", "0007", "000a", "000d", "001b", "007f", "0085", "009b", "061c", "200e", "200f", "2028",
    "2029", "202a", "202e", "2066", "2069", "feff"
  })
  void escapesWhatATerminalWouldObey(String code) {
    char c = (char) Integer.parseInt(code, 16);
    assertEquals("a\\u" + code + "b", Printable.line("a" + c + "b"));
    assertEquals("a\\u" + code + "b", new UserError("a" + c + "b").getMessage());
  }

  @Test
  void leavesEveryLetterAlone() {
    String text = "Schuh-Gr\u00f6\u00dfe \u0645\u06cc\u200c\u062e \u4e0a\u8863 \uD83D\uDC57 'a\\b'";
    assertSame(text, Printable.line(text));
  }

  @Test
  void keepsTheLinesOfATextThatHasSome() {
    assertEquals("a\n\tb\\u001b\n", Printable.lines("a\n\tb\u001b\n"));
    assertEquals("a\\u000a\\u0009b", Printable.line("a\n\tb"));
  }
}
