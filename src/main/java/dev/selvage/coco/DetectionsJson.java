package dev.selvage.coco;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.ImageDetections;
import dev.selvage.mask.CocoRle;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes detections in COCO's results format, one a line, with file and category names beside the
 * ids. The file appears under its name only when {@link #finish} has been called; closing without
 * it leaves nothing.
 */
public final class DetectionsJson implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final Path part;
  private final List<Category> classes;
  private final BufferedWriter out;
  private long written;

  /**
   * Begins the file.
   *
   * @param classes categories in class order: class c is {@code classes.get(c - 1)}
   */
  public DetectionsJson(Path file, List<Category> classes) {
    this.file = file;
    this.part = file.resolveSibling(file.getFileName() + AtomicFile.PARTIAL);
    this.classes = List.copyOf(classes);
    try {
      out = Files.newBufferedWriter(part);
      out.write("[");
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Appends one photo's detections. */
  public void add(ImageDetections result) {
    try {
      for (Detection found : result.detections()) {
        out.write(written++ == 0 ? "\n" : ",\n");
        out.write(MAPPER.writeValueAsString(json(result, found)));
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /** Completes the file and gives it its name. */
  public void finish() {
    try {
      out.write("\n]\n");
      out.close();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw cannotWrite(e);
    } finally {
      part.toFile().delete(); // there no more where finish() has given it its name
    }
  }

  private ObjectNode json(ImageDetections result, Detection found) {
    Category category = classes.get(found.classId() - 1);
    ObjectNode node = MAPPER.createObjectNode();
    node.put("image_id", result.imageId());
    node.put("file_name", result.fileName());
    node.put("category_id", category.id());
    node.put("category_name", category.name());
    node.put("score", found.score());
    node.set("bbox", MAPPER.valueToTree(found.box()));
    ObjectNode segmentation = node.putObject("segmentation");
    segmentation.putArray("size").add(found.mask().height()).add(found.mask().width());
    segmentation.put("counts", CocoRle.write(found.mask()));
    return node;
  }

  private UserError cannotWrite(IOException e) {
    return AtomicFile.cannotWrite(file, e);
  }
}
