package dev.selvage.studio.data;

import dev.selvage.data.Dataset;
import dev.selvage.data.InstanceSummary;
import java.util.Arrays;
import java.util.List;

/**
 * Class and area of all objects of a dataset as columns: six bytes an object, so that hundreds of
 * thousands of them are gone through in a few milliseconds. Immutable.
 */
final class PhotoTable {
  /** For each photo its first object in the columns below; one more entry at the end. */
  private final int[] first;

  private final short[] classIds;
  private final int[] areas;

  private PhotoTable(int[] first, short[] classIds, int[] areas) {
    this.first = first;
    this.classIds = classIds;
    this.areas = areas;
  }

  /** Goes once through all objects of a dataset. */
  static PhotoTable of(Dataset dataset) {
    int[] first = new int[dataset.size() + 1];
    short[] classIds = new short[1024];
    int[] areas = new int[1024];
    int count = 0;
    for (int photo = 0; photo < dataset.size(); photo++) {
      List<InstanceSummary> objects = dataset.summaries(photo);
      while (count + objects.size() > classIds.length) {
        classIds = Arrays.copyOf(classIds, 2 * classIds.length);
        areas = Arrays.copyOf(areas, 2 * areas.length);
      }
      for (InstanceSummary object : objects) {
        classIds[count] = (short) object.classId();
        areas[count++] = object.area();
      }
      first[photo + 1] = count;
    }
    return new PhotoTable(first, Arrays.copyOf(classIds, count), Arrays.copyOf(areas, count));
  }

  int photos() {
    return first.length - 1;
  }

  /** All objects of the dataset. */
  int objects() {
    return classIds.length;
  }

  /** Objects of one photo. */
  int objects(int photo) {
    return first[photo + 1] - first[photo];
  }

  /**
   * Whether a photo shows an object.
   *
   * @param classId its class; 0 for any
   * @param least pixels of its mask
   * @param most likewise
   */
  boolean shows(int photo, int classId, int least, int most) {
    for (int i = first[photo]; i < first[photo + 1]; i++) {
      if ((classId == 0 || classIds[i] == classId) && areas[i] >= least && areas[i] <= most) {
        return true;
      }
    }
    return false;
  }

  /**
   * Objects by class.
   *
   * @return [classes + 1], that of class c at c
   */
  int[] objectsByClass(int classes) {
    int[] counts = new int[classes + 1];
    for (short classId : classIds) {
      counts[classId]++;
    }
    return counts;
  }
}
