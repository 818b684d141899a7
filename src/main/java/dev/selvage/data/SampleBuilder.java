package dev.selvage.data;

import dev.selvage.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Reads a photo, resizes and perhaps mirrors it, and makes its targets. Thread-safe. */
final class SampleBuilder {
  /** Height and width of a picture. */
  private record Shape(int height, int width) {}

  private final Dataset dataset;
  private final Config config;
  private final Photos photos;
  private final Map<Shape, RpnTargetBuilder> rpnTargets = new ConcurrentHashMap<>();

  SampleBuilder(Dataset dataset, Config config, Photos photos) {
    this.photos = photos;
    this.dataset = dataset;
    this.config = config;
  }

  /**
   * Makes one sample.
   *
   * @param flip whether to mirror with probability 1/2
   * @param seed of every random choice about this sample
   * @return null for a photo that cannot be decoded, and with SKIP_EMPTY_PHOTOS for one that shows
   *     no object or only crowds
   */
  Sample build(int image, boolean flip, long seed) {
    List<Instance> instances = dataset.instances(image);
    if (config.SKIP_EMPTY_PHOTOS && instances.stream().allMatch(Instance::crowd)) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(seed);
    boolean mirrored = random.nextBoolean() && flip;
    ResizePlan plan = ResizePlan.of(config, dataset.height(image), dataset.width(image), random);
    GroundTruthBuilder.Truth truth = GroundTruthBuilder.build(instances, plan, config);
    if (config.SKIP_EMPTY_PHOTOS && truth.objects().size() == 0) {
      return null;
    }
    Optional<ResizedPhoto> photo = photos.resized(dataset.path(image), plan);
    if (photo.isEmpty()) {
      return null;
    }
    if (mirrored) {
      Photos.flip(photo.get());
      truth = GroundTruthBuilder.flip(truth, plan.width());
    }
    RpnTargets targets =
        rpnTargets
            .computeIfAbsent(
                new Shape(plan.height(), plan.width()),
                s -> new RpnTargetBuilder(config, s.height, s.width))
            .build(truth.objects().boxes(), truth.crowds(), random);
    GroundTruth limited =
        GroundTruthBuilder.limit(truth.objects(), config.MAX_GT_INSTANCES, random);
    return new Sample(image, photo.get(), limited, targets);
  }
}
