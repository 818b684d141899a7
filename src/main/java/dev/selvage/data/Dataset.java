package dev.selvage.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Photos and their objects, for every layout on disk. Images are numbered in file-name order.
 * Thread-safe.
 */
public interface Dataset {
  /** Short name of the dataset, for run folders and weight files. */
  String name();

  /** In class order: class c of the model is {@code categories().get(c - 1)}. */
  List<Category> categories();

  int size();

  String fileName(int imageIndex);

  Path path(int imageIndex);

  /** Pixels of the original photo, as the annotations state them. */
  int height(int imageIndex);

  int width(int imageIndex);

  /** Empty for a photo without annotations. */
  List<Instance> instances(int imageIndex);

  /** Classes of the photo's objects, without crowds; cheaper than the objects with their masks. */
  default int[] classIds(int imageIndex) {
    return instances(imageIndex).stream()
        .filter(instance -> !instance.crowd())
        .mapToInt(Instance::classId)
        .toArray();
  }

  /** Class and mask area of a photo's objects, crowds included; may be cheaper than the masks. */
  default List<InstanceSummary> summaries(int imageIndex) {
    return instances(imageIndex).stream()
        .map(instance -> new InstanceSummary(instance.classId(), instance.mask().area()))
        .toList();
  }
}
