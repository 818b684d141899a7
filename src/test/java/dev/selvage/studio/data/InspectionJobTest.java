package dev.selvage.studio.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.kaggle.KaggleDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionJobTest {
  @TempDir Path folder;

  @Test
  void eachFindingNamesItsPhotos() throws Exception {
    Path data =
        new DrawnDataset(folder.resolve("data"), "pants", "shoe")
            .photo("a.png", 50, 40, 60)
            .object("a.png", 0, 10, 10, 20, 20)
            .row("a.png,1 5,50,40,7")
            .photo("b.png", 50, 40, 90)
            .photo("c.png", 60, 60, 120)
            .object("c.png", 1, 5, 5, 20, 20)
            .object("c.png", 1, 5, 5, 20, 20)
            .photo("d.png", 60, 60, 30)
            .object("d.png", 1, 5, 5, 3, 3)
            .photo("e.png", 50, 40, 90)
            .write();
    // bad rows end a training, but not an inspection; the studio opens what a training would
    Dataset dataset = KaggleDataset.open(data, (line, problem) -> {});
    InspectionJob job = new InspectionJob(data, null, ConfigReader.read("sample", null, List.of()));
    job.start(dataset);
    job.await();
    JsonNode json = DataJson.inspection(job);
    assertEquals("done", json.path("state").asText(), job.error());
    assertEquals(5, json.path("seen").asInt());
    List<String> found = new ArrayList<>();
    for (InspectionJob.Found one : job.findings()) {
      found.add(one.finding().title() + ": " + one.photos());
    }
    assertEquals(
        List.of(
            "invalid rows: {0}",
            "duplicate objects (same class, same mask): {2}",
            "masks of fewer than 20 pixels: {3}",
            "duplicate photos (identical files): {1, 4}",
            "photos in train/ without a row (used as photos without objects): {1, 4}",
            "photos without objects: {1, 4}",
            "classes with fewer than 20 objects: {}"),
        found);
  }
}
