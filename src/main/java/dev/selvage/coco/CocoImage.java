package dev.selvage.coco;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;

/**
 * An image of an annotation file.
 *
 * @param fileName relative to the folder of the photos; empty where the file states none
 * @param size as the file states it
 * @param line of the file
 * @param index in the file's list, from 0
 */
public record CocoImage(long id, String fileName, PhotoSize size, int line, int index) {
  static CocoImage of(CocoEntry entry) {
    JsonFields fields = entry.fields();
    int height = fields.smallInteger("height");
    int width = fields.smallInteger("width");
    if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
      throw new UserError(
          "expected positive \"height\" and \"width\" of fewer than 2^31 pixels, found %s and %s"
              .formatted(height, width));
    }
    String fileName = fields.has("file_name") ? fields.text("file_name") : "";
    return new CocoImage(
        fields.integer("id"), fileName, new PhotoSize(height, width), entry.line(), entry.index());
  }

  /** Line and id in the file, for messages. */
  public String place() {
    return "line %s, image %s".formatted(line, id);
  }
}
