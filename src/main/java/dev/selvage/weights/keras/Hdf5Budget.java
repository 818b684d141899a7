package dev.selvage.weights.keras;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import io.jhdf.storage.HdfInMemoryByteBuffer;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A file in memory that may be read only a few times over. jHDF follows every link in a file's
 * trees: forty nodes of which each has the next one twice would be read a million million times,
 * and kept.
 */
final class Hdf5Budget implements HdfBackingStorage {
  private static final long LEAST_BYTES = 1 << 24;
  private static final long LEAST_READS = 200_000;

  /** Data may be read more than once, by several calls. */
  private static final int READINGS = 8;

  /** A file that has as many objects has nothing else. */
  private static final int BYTES_PER_READ = 128;

  /** A file that makes jHDF read too much. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("its parts refer to each other again and again");
    }
  }

  private final HdfBackingStorage file;
  private long structureLeft;
  private long dataLeft;
  private long readsLeft;

  private Hdf5Budget(HdfBackingStorage file, long bytes) {
    this.file = file;
    structureLeft = LEAST_BYTES + bytes;
    dataLeft = LEAST_BYTES + READINGS * bytes;
    readsLeft = LEAST_READS + bytes / BYTES_PER_READ;
  }

  /**
   * Opens a file with jHDF.
   *
   * @param bytes of the whole file
   * @throws RuntimeException of any type if it is damaged, here and later
   */
  static HdfFile open(ByteBuffer bytes) {
    ByteBuffer all = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    Superblock superblock = Superblock.readSuperblock(all.duplicate().order(all.order()));
    HdfBackingStorage storage =
        new Hdf5Budget(new HdfInMemoryByteBuffer(all, superblock), all.remaining());
    try {
      // jHDF's only way in for a storage that others made is not public
      Constructor<HdfFile> constructor =
          HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
      constructor.setAccessible(true);
      return constructor.newInstance(storage);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("jHDF has changed", e);
    }
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    structureLeft -= Math.max(0, length);
    spend();
    return file.readBufferFromAddress(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    dataLeft -= Math.max(0, length);
    spend();
    return file.map(address, length);
  }

  @Override
  public ByteBuffer mapNoOffset(long address, long length) {
    dataLeft -= Math.max(0, length);
    spend();
    return file.mapNoOffset(address, length);
  }

  private void spend() {
    readsLeft--;
    if (structureLeft < 0 || dataLeft < 0 || readsLeft < 0) {
      throw new Exceeded();
    }
  }

  @Override
  public long getUserBlockSize() {
    return file.getUserBlockSize();
  }

  @Override
  public Superblock getSuperblock() {
    return file.getSuperblock();
  }

  @Override
  public FileChannel getFileChannel() {
    return file.getFileChannel();
  }

  @Override
  public int getSizeOfOffsets() {
    return file.getSizeOfOffsets();
  }

  @Override
  public int getSizeOfLengths() {
    return file.getSizeOfLengths();
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public boolean inMemory() {
    return file.inMemory();
  }
}
