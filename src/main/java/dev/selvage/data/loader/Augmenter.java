package dev.selvage.data.loader;

import dev.selvage.augment.ColourJitter;
import dev.selvage.augment.GeometryJitter;
import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.data.image.WarpedPhotos;
import dev.selvage.geometry.Affine;
import dev.selvage.mask.AffineRasterizer;
import dev.selvage.mask.CroppedMask;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Augments images: one map moves pixels, masks and boxes together, directly from the photo into the
 * image, and objects of another photo may be pasted in (Ghiasi et al. 2021). Thread-safe.
 */
final class Augmenter {
  private final Dataset dataset;
  private final Config config;
  private final WarpedPhotos photos;
  private final int[] donors;

  /**
   * Prepares.
   *
   * @param donors image indices of the photos whose objects may be pasted
   */
  Augmenter(Dataset dataset, Config config, Photos photos, int[] donors) {
    this.dataset = dataset;
    this.config = config;
    this.photos = new WarpedPhotos(photos);
    this.donors = donors;
  }

  /**
   * Makes one image.
   *
   * @param plan how the photo would be placed in the image without augmentation
   * @param augmentation one that warps
   * @return empty where the photo cannot be decoded; the image may show no object
   */
  Optional<InputImage> augmented(
      int imageIndex, ResizePlan plan, Augmentation augmentation, SplittableRandom random) {
    SplittableRandom moves = random.split();
    SplittableRandom colours = random.split();
    SplittableRandom pastes = random.split();
    boolean strong = augmentation == Augmentation.STRONG;
    Layer layer = layer(imageIndex, plan, plan.height(), plan.width(), strong, moves);
    Optional<ResizedPhoto> photo = photos.warped(dataset.path(imageIndex), plan, layer.map);
    if (photo.isEmpty()) {
      return Optional.empty();
    }
    byte[] filled = layer.grid.covered();
    List<ResizedInstance> objects = ResizedInstance.all(dataset.instances(imageIndex), layer.grid);
    if (strong) {
      objects = paste(imageIndex, photo.get(), objects, filled, pastes);
    }
    WarpedPhotos.recolour(photo.get(), ColourJitter.draw(colours), filled);
    return Optional.of(new InputImage(photo.get(), objects));
  }

  /** Where a photo goes. */
  private record Layer(Affine map, AffineRasterizer grid) {}

  /** Draws a map into an image of some size for a photo that a plan lays into one of its own. */
  private Layer layer(
      int imageIndex,
      ResizePlan plan,
      int height,
      int width,
      boolean strong,
      SplittableRandom random) {
    Affine map = plan.map().then(GeometryJitter.small(height, width, random));
    if (strong) {
      double[] place = {
        plan.top(),
        plan.left(),
        (double) plan.top() + plan.scaledHeight(),
        (double) plan.left() + plan.scaledWidth()
      };
      map = map.then(GeometryJitter.large(place, height, width, random));
    }
    return new Layer(
        map,
        new AffineRasterizer(
            map, dataset.height(imageIndex), dataset.width(imageIndex), height, width));
  }

  /**
   * Pastes each object of another photo with probability 1/2; what they hide is taken from the
   * masks below.
   *
   * @param filled pixels that show a photo, to which the pasted ones are added
   * @return all objects of the image that are still visible
   */
  private List<ResizedInstance> paste(
      int imageIndex,
      ResizedPhoto image,
      List<ResizedInstance> below,
      byte[] filled,
      SplittableRandom random) {
    int donor = donors[random.nextInt(donors.length)];
    if (donor == imageIndex) {
      return below;
    }
    int height = image.plan().height();
    int width = image.plan().width();
    ResizePlan plan = ResizePlan.of(config, dataset.height(donor), dataset.width(donor), random);
    Layer layer = layer(donor, plan, height, width, true, random);
    List<Instance> chosen =
        dataset.instances(donor).stream()
            .filter(instance -> random.nextBoolean() && !instance.crowd())
            .toList();
    List<ResizedInstance> above = ResizedInstance.all(chosen, layer.grid);
    if (above.isEmpty()) {
      return below;
    }
    byte[] stencil = new byte[height * width];
    above.forEach(object -> object.region().add(stencil, width));
    if (!pasted(donor, plan, layer.map, stencil, image)) {
      return below;
    }
    List<ResizedInstance> objects = new ArrayList<>();
    for (ResizedInstance object : below) {
      CroppedMask left = object.region().without(stencil, width);
      if (left != null) {
        objects.add(new ResizedInstance(object.classId(), object.crowd(), left));
      }
    }
    objects.addAll(above);
    for (int i = 0; i < filled.length; i++) {
      filled[i] |= stencil[i];
    }
    return objects;
  }

  private boolean pasted(
      int donor, ResizePlan plan, Affine map, byte[] stencil, ResizedPhoto image) {
    try {
      return photos.paste(dataset.path(donor), plan, map, stencil, image);
    } catch (UserError e) {
      return false; // a photo's faults are reported when it is loaded for itself
    }
  }
}
