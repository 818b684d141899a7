package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_PROGRESSIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoIntegrityTest {
  @TempDir Path folder;

  @Test
  void tellsWholeFilesFromTruncatedOnes() throws IOException {
    for (String ending : new String[] {"baseline.jpg", "progressive.jpg", "photo.png"}) {
      Path file = folder.resolve(ending);
      write(file, ending.startsWith("progressive") ? 1 : 0);
      assertEquals(Optional.empty(), PhotoIntegrity.problem(file), ending);
      byte[] bytes = Files.readAllBytes(file);
      for (int length : new int[] {bytes.length - 2, bytes.length / 2, 60}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertTrue(PhotoIntegrity.problem(file).isPresent(), ending + " cut to " + length);
      }
      byte[] more = Arrays.copyOf(bytes, bytes.length + 5000); // as some cameras append
      Files.write(file, more);
      assertEquals(Optional.empty(), PhotoIntegrity.problem(file), ending);
    }
  }

  @Test
  void namesAnEmptyFileAndLeavesOthersAlone() throws IOException {
    Path empty = Files.createFile(folder.resolve("a.jpg"));
    assertEquals(Optional.of("is empty"), PhotoIntegrity.problem(empty));
    Path other = Files.writeString(folder.resolve("b.bmp"), "BM something");
    assertEquals(Optional.empty(), PhotoIntegrity.problem(other));
  }

  private static void write(Path file, int progressive) {
    byte[] noise = new byte[40 * 50 * 3];
    new Random(1).nextBytes(noise);
    try (BytePointer pixels = new BytePointer(noise);
        Mat photo = new Mat(40, 50, CV_8UC3, pixels);
        IntPointer settings = new IntPointer(IMWRITE_JPEG_PROGRESSIVE, progressive)) {
      opencv_imgcodecs.imwrite(file.toString(), photo, settings);
    }
  }
}
