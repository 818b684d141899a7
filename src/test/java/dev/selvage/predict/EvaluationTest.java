package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.coco.CocoDataset;
import dev.selvage.mask.Rle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final double[] ONLY_MEDIUM = {1, 1, 1, -1, 1, -1, 1, 1, 1, -1, 1, -1};

  @TempDir Path folder;

  /**
   * The file states another box than the mask's, and an area of a medium object where the mask has
   * that of a small one; pycocotools goes by the file.
   */
  @Test
  void boxAndAreaAreThoseOfTheFile() throws IOException {
    ImageIO.write(
        new BufferedImage(100, 80, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("a.png").toFile());
    Path json =
        Files.writeString(
            folder.resolve("some.json"),
            """
            {"images": [{"id": 7, "file_name": "a.png", "height": 80, "width": 100}],
             "categories": [{"id": 5, "name": "hat"}],
             "annotations": [{"id": 1, "image_id": 7, "category_id": 5, "area": 2000,
              "bbox": [40, 10, 50, 60], "segmentation": [[5, 5, 15, 5, 15, 15, 5, 15]]}]}
            """);
    CocoDataset dataset = CocoDataset.open(json, folder);
    byte[] square = new byte[100];
    Arrays.fill(square, (byte) 1);
    Rle mask = Rle.fromRegion(square, 5, 5, 10, 10, 80, 100);
    Evaluation evaluation = new Evaluation(dataset, 0.7f);
    evaluation.add(0, List.of(new Detection(1, 0.9, new Box(40, 10, 50, 60), mask)));
    assertArrayEquals(ONLY_MEDIUM, evaluation.scores().bbox().stats(), 1e-12);
    assertArrayEquals(ONLY_MEDIUM, evaluation.scores().segm().stats(), 1e-12);
    assertEquals(1, evaluation.matterportAp());
    assertEquals(1, evaluation.objects());
  }
}
