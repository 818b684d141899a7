package dev.selvage.studio.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"fashion", "coco", "sample", "street"})
  void theOptionsMakeTheSameSettings(String preset) {
    Config config =
        ConfigReader.read(
            preset,
            null,
            List.of(
                "NAME=Another one",
                "EPOCHS=2,5",
                "LRS=0.01,0.003",
                "LAYERS=all",
                "MOMS=0.8",
                "FLIPS=true",
                "LR_DECAY=cosine",
                "RPN_ANCHOR_RATIOS=0.4,1,2.5",
                "LOSS_WEIGHTS=1,2,1,1,0.5",
                "MEAN_PIXEL=1,2,3"));
    List<String> options = RunSettings.options(config);
    assertEquals(List.of("--preset", preset), options.subList(0, 2));
    List<String> settings = new ArrayList<>(options.subList(2, options.size()));
    settings.removeIf("--set"::equals);
    assertEquals(RunSettings.of(config), RunSettings.of(ConfigReader.read(preset, null, settings)));
    assertTrue(options.size() < 40, options::toString);
  }

  @Test
  void aShellReadsWordsAsTheyAre() {
    assertEquals("EPOCHS=2,5", Program.quoted("EPOCHS=2,5"));
    assertEquals("'my photos'", Program.quoted("my photos"));
    assertEquals("'it'\\''s $HOME'", Program.quoted("it's $HOME"));
    assertEquals("''", Program.quoted(""));
  }
}
