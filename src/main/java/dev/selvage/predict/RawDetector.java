package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.image.Photos;
import java.util.List;
import java.util.Optional;

/**
 * Finds objects in photos of a dataset by what models said about them before.
 *
 * @param photos read again where the rules look for edges
 * @param images the file's photos as indices into the dataset
 * @param config the settings of the first model
 */
public record RawDetector(
    RawFile file,
    Dataset dataset,
    int[] images,
    Config config,
    Photos photos,
    DetectionRules rules) {
  /**
   * The detections of a photo, highest score first; empty where it could not be used, or can no
   * longer.
   *
   * @param place of the photo in the file
   */
  public Optional<List<Detection>> find(int place) {
    Optional<RawPhoto> said = file.photo(place);
    if (said.isEmpty() || !rules.edges()) {
      return said.map(raw -> rules.apply(raw, Optional.empty()));
    }
    return Guide.of(photos, config, dataset, images[place])
        .map(guide -> rules.apply(said.get(), Optional.of(guide)));
  }
}
