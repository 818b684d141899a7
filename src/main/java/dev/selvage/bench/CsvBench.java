package dev.selvage.bench;

import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.doctor.SystemInfo;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Times opening a dataset with a large train.csv, which it generates and deletes. */
public final class CsvBench {
  private static final double MIB = 1 << 20;
  private static final int ASKED = 2000;

  private CsvBench() {}

  /**
   * Runs the benchmark.
   *
   * @return by name: the size of the file; seconds to index and check it, by the clock and of CPU
   *     time of this thread; peak heap (garbage included), heap in use afterwards; microseconds to
   *     read the masks of one photo; and the peak memory of the process, which includes pages of
   *     the mapped file that the system kept in memory
   */
  public static Map<String, Double> run(int rows) {
    try (BenchFolder dir = BenchFolder.make("csv")) {
      SyntheticKaggle.write(dir.path(), rows);
      return measure(dir.path(), rows);
    } catch (IOException e) {
      throw new UserError("bench csv: cannot write a dataset to read (%s)".formatted(e), e);
    }
  }

  private static Map<String, Double> measure(Path dir, int rows) throws IOException {
    long before = heap();
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    long begin = System.nanoTime();
    long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    KaggleDataset dataset = KaggleDataset.open(dir);
    double seconds = (System.nanoTime() - begin) / 1e9;
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore;
    long peak = heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    long kept = heap() - before;
    SplittableRandom random = new SplittableRandom(2);
    int objects = 0;
    begin = System.nanoTime();
    for (int i = 0; i < ASKED; i++) {
      objects += dataset.instances(random.nextInt(dataset.size())).size();
    }
    double asking = (System.nanoTime() - begin) / 1e3 / ASKED;
    if (objects == 0) {
      throw new IllegalStateException("no photo has objects");
    }
    Map<String, Double> found = new LinkedHashMap<>();
    found.put("rows", (double) rows);
    found.put("photos", (double) dataset.size());
    found.put("file_mib", Files.size(dir.resolve("train.csv")) / MIB);
    found.put("index_seconds", seconds);
    found.put("index_cpu_seconds", cpu / 1e9);
    found.put("heap_peak_mib", peak / MIB);
    found.put("heap_kept_mib", kept / MIB);
    found.put("heap_limit_mib", Runtime.getRuntime().maxMemory() / MIB);
    found.put("photo_masks_us", asking);
    found.put("peak_rss_mib", SystemInfo.peakResident() / MIB);
    return found;
  }

  private static Stream<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  /** Bytes of the heap in use after a garbage collection. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
