package dev.selvage.coco;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.coco.DetectionJson.Segmentation;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.PendingFile;
import dev.selvage.util.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes detections in COCO's results format, one per line, with file and category names next to
 * the ids. The file appears under its name only when {@link #finish} has been called; closing
 * without it leaves nothing.
 */
public final class DetectionsJson implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final List<Category> classes;
  private final PendingFile pending;
  private final Writer out;
  private long written;

  /**
   * Begins the file.
   *
   * @param classes categories in class order: class c is {@code classes.get(c - 1)}
   */
  public DetectionsJson(Path file, List<Category> classes) {
    this.file = file;
    this.classes = List.copyOf(classes);
    try {
      pending = PendingFile.create(file);
      out = new BufferedWriter(Channels.newWriter(pending.out(), StandardCharsets.UTF_8));
      out.write("[");
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Appends the detections of one photo.
   *
   * @param imageId its index in file-name order, or the id of the dataset
   * @param detections highest score first
   */
  public void add(long imageId, String fileName, List<Detection> detections) {
    try {
      for (Detection found : detections) {
        out.write(written++ == 0 ? "\n" : ",\n");
        out.write(MAPPER.writeValueAsString(json(imageId, fileName, found)));
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Completes the file and gives it its name. */
  public void finish() {
    try {
      out.write("\n]\n");
      out.flush();
      pending.finish();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void close() {
    pending.close();
  }

  private ObjectNode json(long imageId, String fileName, Detection found) {
    Category category = classes.get(found.classId() - 1);
    ObjectNode node = MAPPER.createObjectNode();
    node.put("image_id", imageId);
    node.put("file_name", fileName);
    node.setAll(DetectionJson.of(found, category, Segmentation.RLE));
    return node;
  }

  private UserError cannotWrite(IOException e) {
    return AtomicFile.cannotWrite(file, e);
  }
}
