package dev.selvage.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  /** More than is moved at a time between a tensor and a file, and no multiple of it. */
  private static final int LONG = 300_001;

  @TempDir Path dir;

  private Scope scope;
  private Path file;

  @BeforeEach
  void write() {
    scope = Scope.open();
    file = dir.resolve("f.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a/b", Tensor.of(new float[] {1, -0f, Float.MIN_VALUE, 4, 5, 6}, 2, 3));
    tensors.put("long", Tensor.of(values(), LONG));
    Safetensors.write(file, Map.of("step", "7", "name", "Größe"), tensors);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void theLayoutIsTheFormats() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = bytes[0] & 0xff | (bytes[1] & 0xff) << 8;
    assertEquals(0, length % 8);
    String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
    assertTrue(
        header.contains("\"a/b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}"),
        header);
    assertEquals(8 + length + 24 + 4 * LONG, bytes.length);
    assertArrayEquals(
        new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0x80},
        Arrays.copyOfRange(bytes, 8 + length, 16 + length));
  }

  @Test
  void everyBitComesBack() {
    try (Safetensors read = Safetensors.open(file)) {
      assertEquals(Map.of("step", "7", "name", "Größe"), read.metadata());
      assertTrue(read.contains("a/b"));
      assertFalse(read.contains("b"));
      Tensor small = Tensor.zeros(2, 3);
      Tensor big = Tensor.zeros(LONG);
      read.read("long", big);
      read.read("a/b", small);
      assertArrayEquals(new float[] {1, -0f, Float.MIN_VALUE, 4, 5, 6}, small.download());
      assertArrayEquals(values(), big.download());
    }
  }

  @Test
  void anotherShapeOrNameIsRefused() {
    try (Safetensors read = Safetensors.open(file)) {
      UserError shape = assertThrows(UserError.class, () -> read.read("a/b", Tensor.zeros(3, 2)));
      assertEquals(file + ": expected a/b of shape [3, 2], found [2, 3]", shape.getMessage());
      assertThrows(UserError.class, () -> read.read("c", Tensor.zeros(1)));
    }
  }

  @Test
  void aFileThatCannotBeWrittenLeavesNothing() throws IOException {
    Path inFile = file.resolve("x.safetensors");
    UserError error =
        assertThrows(UserError.class, () -> Safetensors.write(inFile, Map.of(), Map.of()));
    assertTrue(error.getMessage().startsWith(inFile + ": cannot be written"), error.getMessage());
  }

  @Test
  void everyChangedBitIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = whole.clone();
      // half of them among the header and the small tensor
      int at = random.nextInt(i % 2 == 0 ? 300 : whole.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      try (Safetensors read = Safetensors.open(file)) {
        // harmless: the name of the checksum, which is not asked for
        assertFalse(read.metadata().keySet().equals(Set.of("step", "name")), "byte " + at);
      } catch (UserError e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
  }

  @Test
  void saysWhichFileIsDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String stated = new String(bytes, 0, 100, StandardCharsets.UTF_8).split("\"")[5];
    bytes[bytes.length - 1] ^= 4;
    Files.write(file, bytes);
    String message = assertThrows(UserError.class, () -> Safetensors.open(file)).getMessage();
    String expected = ": expected the checksum " + stated + " that the file states, found ";
    assertTrue(message.startsWith(file + expected), message);
  }

  @Test
  void theChecksumIsThatOfTheFileWithZerosForIt() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"crc32c\":\"") + 10;
    Arrays.fill(bytes, at, at + 8, (byte) '0');
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    assertEquals("%08x".formatted(sum.getValue()), text.substring(at, at + 8));
  }

  @Test
  void aFileWithoutAChecksumIsRead() throws IOException {
    String header =
        "{\"__metadata__\":{\"step\":\"7\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    ByteBuffer bytes = ByteBuffer.allocate(12 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8)).putFloat(2.5f);
    Files.write(file, bytes.array());
    try (Safetensors read = Safetensors.open(file)) {
      Tensor a = Tensor.zeros(1);
      read.read("a", a);
      assertArrayEquals(new float[] {2.5f}, a.download());
      assertEquals(Map.of("step", "7"), read.metadata());
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += length < 400 ? 1 : 99_991) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(UserError.class, () -> Safetensors.open(file));
    }
  }

  private static float[] values() {
    float[] values = new float[LONG];
    Random random = new Random(1);
    for (int i = 0; i < LONG; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0x7effffff);
    }
    return values;
  }
}
