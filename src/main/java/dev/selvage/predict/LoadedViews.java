package dev.selvage.predict;

import dev.selvage.data.image.ResizedPhoto;
import java.util.List;

/** The views of one photo, ready for the model. */
public record LoadedViews(List<ResizedPhoto> views) implements AutoCloseable {
  @Override
  public void close() {
    views.forEach(ResizedPhoto::close);
  }
}
