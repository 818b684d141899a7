package dev.selvage.report;

import java.nio.file.Path;

/**
 * A picture as the bytes of a JPEG file.
 *
 * @param height pixels
 */
public record Jpeg(int height, int width, byte[] bytes) {
  /**
   * Makes a file of it.
   *
   * @throws dev.selvage.util.UserError the file cannot be written
   */
  public void write(Path file) {
    PictureFile.write(file, bytes);
  }
}
