package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.train.TinyDataset;
import dev.selvage.util.TestJava;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What decoders print about damaged photos names no file, so it does not reach the user. They print
 * past Java, hence a process of its own.
 */
class DecoderMessagesTest {
  @TempDir Path dir;

  @Test
  void damagedPhotosAreNamedByUsAlone() throws Exception {
    Path data = TinyDataset.write(dir.resolve("tiny"), 3);
    Path photo = data.resolve("train/photo1.jpg");
    byte[] bytes = Files.readAllBytes(photo);
    Files.write(photo, Arrays.copyOf(bytes, bytes.length * 2 / 3));
    Files.write(data.resolve("train/damaged.png"), damagedPng());
    Path said = dir.resolve("said.txt");
    List<String> line = TestJava.selvage();
    line.addAll(List.of("inspect", "--data", data.toString()));
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertEquals(0, process.waitFor(), () -> read(said));
    String text = read(said);
    assertTrue(text.contains("photo1.jpg") && text.contains("damaged.png"), text);
    for (String foreign : List.of("Premature", "Corrupt", "libpng", "WARN", "ERROR", "/opencv")) {
      assertTrue(!text.contains(foreign), text);
    }
  }

  /** With a wrong byte in the middle of its pixels. */
  private static byte[] damagedPng() throws Exception {
    BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1600; i++) {
      image.setRGB(i % 40, i / 40, i * 7919);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    byte[] bytes = png.toByteArray();
    bytes[bytes.length / 2] ^= 0x55;
    return bytes;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
