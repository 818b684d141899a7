package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MultipartTest {
  private static final String TYPE = "multipart/form-data; charset=utf-8; boundary=\"a b\"";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static final byte[] FORM =
      bytes(
          "preamble\r\n--a b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nimage\r\n"
              + "--a b\r\ncontent-type: image/png\r\n"
              + "content-disposition: form-data; filename=\"name=x.png\"; name=image\r\n\r\n"
              + "\u0000\u00ff\r\n\r\n--a bytes\r\n--a b--\r\n");

  @Test
  void findsTheBytesOfAField() {
    assertArrayEquals(bytes("image"), Multipart.field(TYPE, FORM, "note"));
    assertArrayEquals(bytes("\u0000\u00ff\r\n\r\n--a bytes"), Multipart.field(TYPE, FORM, "image"));
  }

  @Test
  void aMissingFieldIsASentence() {
    HttpFailure e = assertThrows(HttpFailure.class, () -> Multipart.field(TYPE, FORM, "photo"));

    assertEquals("body: expected a form with a field 'photo'", e.getMessage());
  }

  @Test
  void damagedFormsAreRefused() {
    for (int cut = 0; cut < FORM.length - 30; cut += 3) {
      byte[] part = Arrays.copyOf(FORM, cut);
      assertThrows(HttpFailure.class, () -> Multipart.field(TYPE, part, "image"));
    }
    for (String type :
        new String[] {
          "multipart/form-data",
          "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"\""
        }) {
      assertThrows(HttpFailure.class, () -> Multipart.field(type, FORM, "image"));
    }
  }

  @Test
  void knowsAForm() {
    assertTrue(Multipart.is("Multipart/Form-Data; boundary=x"));
    assertFalse(Multipart.is("image/png"));
    assertFalse(Multipart.is(""));
  }
}
