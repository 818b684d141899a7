package dev.selvage.studio.runs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a training that the studio has started prints: the process writes it into a file of the
 * run's folder itself, so that nothing is lost when the studio ends.
 */
final class TrainingOutput {
  private static final int TAIL_BYTES = 16_384;

  private TrainingOutput() {}

  static Path file(Path dir) {
    return dir.resolve("output.txt");
  }

  /** The end of it; empty where the studio has not started the run. */
  static String tail(Path dir) {
    try (FileChannel file = FileChannel.open(file(dir))) {
      long begin = Math.max(0, file.size() - TAIL_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate(TAIL_BYTES);
      file.position(begin);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // until the end
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      return begin == 0 ? text : text.substring(text.indexOf('\n') + 1);
    } catch (IOException e) {
      return "";
    }
  }

  /** The line that says why the training ended. */
  static String lastLine(Path dir) {
    return tail(dir)
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((before, line) -> line)
        .orElse("the training ended without a word");
  }
}
