package dev.selvage.train.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.model.Losses;
import dev.selvage.train.EpochReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochLogTest {
  private static final String HEADER =
      "epoch,lr,loss,rpn_class_loss,rpn_bbox_loss,mrcnn_class_loss,mrcnn_bbox_loss,mrcnn_mask_loss,"
          + "val_loss,val_rpn_class_loss,val_rpn_bbox_loss,val_mrcnn_class_loss,"
          + "val_mrcnn_bbox_loss,val_mrcnn_mask_loss,val_mask_AP,val_mask_AP50,images_per_second,loader_stall,seconds,memory_mib";

  @TempDir Path dir;

  @Test
  void oneRowAnEpoch() throws IOException {
    Path file = dir.resolve("log.csv");
    EpochLog log = new EpochLog(file);
    log.trainingBegan(0);
    log.epochDone(row(1, losses(0.5)));
    log.epochDone(row(2, Map.of())); // nothing held out
    assertEquals(
        List.of(
            HEADER,
            "1,0.01,2.0,2.0,2.0,2.0,2.0,2.0,0.5,0.5,0.5,0.5,0.5,0.5,0.25,,3.500,0.02500,12.50,310.5",
            "2,0.01,2.0,2.0,2.0,2.0,2.0,2.0,,,,,,,0.25,,3.500,0.02500,12.50,310.5"),
        Files.readAllLines(file));
  }

  @Test
  void rowsAfterTheResumedEpochAndHalfWrittenOnesAreDropped() throws IOException {
    Path file = dir.resolve("log.csv");
    EpochLog log = new EpochLog(file);
    log.trainingBegan(0);
    log.epochDone(row(1, losses(1)));
    List<String> kept = Files.readAllLines(file);
    log.epochDone(row(2, losses(1)));
    Files.writeString(file, "1,0.01,2.", StandardOpenOption.APPEND);
    new EpochLog(file).trainingBegan(1);
    assertEquals(kept, Files.readAllLines(file));
  }

  @Test
  void rowsOfALogWithFewerColumnsAreKept() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("log.csv"),
            HEADER.replace("val_mask_AP,val_mask_AP50,", "").replace(",memory_mib", "")
                + "\n1,0.01,2.0,2.0,2.0,2.0,2.0,2.0,0.5,0.5,0.5,0.5,0.5,0.5,3.500,0.02500,12.50\n");
    new EpochLog(file).trainingBegan(1);
    assertEquals(
        List.of(
            HEADER,
            "1,0.01,2.0,2.0,2.0,2.0,2.0,2.0,0.5,0.5,0.5,0.5,0.5,0.5,,,3.500,0.02500,12.50,"),
        Files.readAllLines(file));
  }

  private static EpochReport row(int epoch, Map<String, Double> validation) {
    return new EpochReport(
        epoch,
        0.01f,
        losses(2),
        validation,
        Map.of("val_mask_AP", 0.25),
        true,
        3.5,
        0.025,
        12.5,
        310.54);
  }

  private static Map<String, Double> losses(double value) {
    Map<String, Double> losses = new LinkedHashMap<>();
    Losses.NAMES.forEach(name -> losses.put(name, value));
    return losses;
  }
}
