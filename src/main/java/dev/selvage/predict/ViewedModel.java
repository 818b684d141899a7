package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.config.ResizeMode;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.model.Candidates;
import dev.selvage.model.MaskRcnn;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One model with its own settings, and the views of each photo that it is shown.
 *
 * @param views the plain one first
 */
record ViewedModel(Config config, MaskRcnn model, RawChoice choice, List<View> views) {
  /**
   * What a model says about one view.
   *
   * @param candidates as they lie in the view
   * @param plan how the photo became the view
   */
  record Said(View view, Candidates candidates, ResizePlan plan) {
    /** The candidates in the image that {@link #place} is about. */
    Candidates back() {
      return view.back(candidates);
    }

    /** Where the photo lies in the view, or in its mirror image if the view is mirrored. */
    Molding place() {
      return Molding.of(view.mirrored() ? plan.mirrored() : plan);
    }
  }

  /**
   * A model that sees each photo once.
   *
   * @param parameters stay the caller's
   * @throws UserError the configuration cannot be used for detection
   */
  static ViewedModel of(Config config, Parameters parameters) {
    if (config.IMAGE_RESIZE_MODE == ResizeMode.CROP) {
      throw new UserError(
          "IMAGE_RESIZE_MODE: expected square, pad64 or none, found crop, which shows the model only"
              + " a part of each photo; add --set IMAGE_RESIZE_MODE=square");
    }
    return new ViewedModel(
        config, new MaskRcnn(config, parameters), new RawChoice(config), List.of(View.PLAIN));
  }

  /** The same model, which sees other views. */
  ViewedModel over(List<View> others) {
    return new ViewedModel(config, model, choice, List.copyOf(others));
  }

  /** Resizes a photo by a plan; empty, or an exception, where it cannot be used. */
  interface Resizer<E extends Exception> {
    Optional<ResizedPhoto> resized(ResizePlan plan) throws E;
  }

  /**
   * The views of a photo; empty where it cannot be used.
   *
   * @param size of the photo
   */
  <E extends Exception> Optional<List<ResizedPhoto>> load(Resizer<E> photo, PhotoSize size)
      throws E {
    List<ResizedPhoto> loaded = new ArrayList<>();
    boolean whole = false;
    try {
      for (View view : views) {
        Optional<ResizedPhoto> resized = photo.resized(view.plan(config, size));
        if (resized.isEmpty()) {
          return Optional.empty();
        }
        loaded.add(view.mirrored() ? mirrored(resized.get()) : resized.get());
      }
      whole = true;
      return Optional.of(loaded);
    } finally {
      if (!whole) {
        loaded.forEach(ResizedPhoto::close);
      }
    }
  }

  private static ResizedPhoto mirrored(ResizedPhoto photo) {
    try (photo) {
      return photo.mirrored();
    }
  }

  /** What the model says about each view before any choice, for a {@link RawPhoto}. */
  List<Said> raw(List<ResizedPhoto> loaded) {
    List<Said> said = new ArrayList<>();
    for (int v = 0; v < views.size(); v++) {
      ResizedPhoto photo = loaded.get(v);
      Candidates candidates = candidates(photo, RawChoice.MIN_SCORE, choice::places);
      said.add(new Said(views.get(v), candidates, photo.plan()));
    }
    return said;
  }

  /**
   * The candidates of one view that a choice keeps.
   *
   * @param minScore of those that it chooses from
   */
  Candidates candidates(ResizedPhoto photo, float minScore, Function<Candidates, int[]> places) {
    ResizePlan plan = photo.plan();
    return model.candidates(
        photo.rgb(), plan.height(), plan.width(), plan.window(), minScore, places);
  }
}
