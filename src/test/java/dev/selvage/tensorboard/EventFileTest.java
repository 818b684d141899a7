package dev.selvage.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final int FRAME = 12;

  @TempDir Path dir;

  /**
   * The file that TensorBoard's own writer makes, but for the wall times (8 bytes of each event).
   */
  @Test
  void theBytesAreThoseOfTensorBoard() throws IOException {
    Path file = dir.resolve("events");
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", 1.5);
    values.put("val_loss", -2.0);
    new EventFile(file, -1).append(300, values);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] version = record(bytes);
    assertEquals("1a0d" + hex("brain.Event:2"), withoutTime(version));
    byte[] event = record(bytes);
    assertEquals(
        "10ac02" // step 300
            + "2a1e" // a summary of two values
            + ("0a0b" + "0a04" + hex("loss") + "15" + "0000c03f")
            + ("0a0f" + "0a08" + hex("val_loss") + "15" + "000000c0"),
        withoutTime(event));
    assertEquals(0, bytes.remaining());
  }

  @Test
  void theChecksumIsTheRecordFormats() throws IOException {
    new EventFile(dir.resolve("events"), -1);
    byte[] bytes = Files.readAllBytes(dir.resolve("events"));
    // the length of the version's event, 24 bytes, and the masked CRC-32C that every file of
    // TensorFlow has there
    assertArrayEquals(
        HexFormat.of().parseHex("1800000000000000" + "a37f4b22"), Arrays.copyOf(bytes, FRAME));
  }

  @Test
  void whatComesAfterAStepIsDropped() throws IOException {
    Path file = dir.resolve("events");
    EventFile events = new EventFile(file, -1);
    events.append(0, Map.of("loss", 1.0));
    long kept = Files.size(file);
    events.append(1, Map.of("loss", 2.0));
    new EventFile(file, 0);
    assertEquals(kept, Files.size(file));
  }

  @Test
  void aHalfWrittenRecordIsDropped() throws IOException {
    Path file = dir.resolve("events");
    EventFile events = new EventFile(file, -1);
    events.append(0, Map.of("loss", 1.0));
    byte[] whole = Files.readAllBytes(file);
    events.append(1, Map.of("loss", 2.0));
    byte[] two = Files.readAllBytes(file);
    for (int length = whole.length; length < two.length; length++) {
      Files.write(file, Arrays.copyOf(two, length), StandardOpenOption.TRUNCATE_EXISTING);
      new EventFile(file, 9);
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
    two[whole.length + FRAME + 3] ^= 1;
    Files.write(file, two);
    new EventFile(file, 9);
    assertArrayEquals(whole, Files.readAllBytes(file));
  }

  private static byte[] record(ByteBuffer bytes) {
    byte[] data = new byte[(int) bytes.getLong()];
    bytes.getInt();
    bytes.get(data);
    bytes.getInt();
    return data;
  }

  private static String withoutTime(byte[] event) {
    assertEquals(0x09, event[0]);
    return HexFormat.of().formatHex(event, 9, event.length);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
