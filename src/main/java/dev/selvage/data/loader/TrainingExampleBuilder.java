package dev.selvage.data.loader;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Reads a photo, makes an image of it, augmented or not, and makes its targets. Thread-safe. */
final class TrainingExampleBuilder {
  /** Height and width of an image. */
  private record Shape(int height, int width) {}

  private final Dataset dataset;
  private final Config config;
  private final Photos photos;
  private final Augmenter augmenter;
  private final Map<Shape, RpnTargetBuilder> rpnTargets = new ConcurrentHashMap<>();

  /**
   * Prepares.
   *
   * @param donors image indices of the photos whose objects may be pasted into others
   */
  TrainingExampleBuilder(Dataset dataset, Config config, Photos photos, int[] donors) {
    this.photos = photos;
    this.dataset = dataset;
    this.config = config;
    augmenter = new Augmenter(dataset, config, photos, donors);
  }

  /**
   * Makes one example.
   *
   * @param seed of every random choice about this example
   * @return null for a photo that cannot be decoded, and with SKIP_EMPTY_PHOTOS for one that shows
   *     no object or only crowds
   */
  TrainingExample build(int imageIndex, Augmentation augmentation, long seed) {
    List<Instance> instances = dataset.instances(imageIndex);
    if (config.SKIP_EMPTY_PHOTOS && instances.stream().allMatch(Instance::crowd)) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(seed);
    boolean mirrored = random.nextBoolean() && augmentation == Augmentation.FLIP;
    ResizePlan plan =
        ResizePlan.of(config, dataset.height(imageIndex), dataset.width(imageIndex), random);
    Optional<InputImage> input =
        augmentation.warps()
            ? augmenter.augmented(imageIndex, plan, augmentation, random)
            : resized(imageIndex, plan, instances);
    if (input.isEmpty()) {
      return null;
    }
    ResizedPhoto photo = input.get().photo();
    GroundTruthBuilder.Truth truth = GroundTruthBuilder.build(input.get().objects(), plan, config);
    if (config.SKIP_EMPTY_PHOTOS && truth.objects().size() == 0) {
      photo.close();
      return null;
    }
    if (mirrored) {
      Photos.flip(photo);
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
    return new TrainingExample(imageIndex, photo, limited, targets);
  }

  private Optional<InputImage> resized(int imageIndex, ResizePlan plan, List<Instance> instances) {
    List<ResizedInstance> objects = ResizedInstance.all(instances, plan.grid());
    return photos
        .resized(dataset.path(imageIndex), plan)
        .map(photo -> new InputImage(photo, objects));
  }
}
